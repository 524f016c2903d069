// The switch between fibers on x86-64 (System V ABI): the one file to write again for
// another architecture, with arch.hpp as its contract.

        .text

// void trama_switch(void** save, void* to, uint64_t thread_pointer)
// Saves what a function call must preserve on the running stack, stores the stack pointer
// in *save, takes over stack `to` and thread pointer, and returns there.
        .globl  trama_switch
        .hidden trama_switch
        .type   trama_switch, @function
        .p2align 4
trama_switch:
        .cfi_startproc
        pushq   %rbp
        pushq   %rbx
        pushq   %r12
        pushq   %r13
        pushq   %r14
        pushq   %r15
        subq    $8, %rsp
        stmxcsr (%rsp)
        movl    $0x037f, %r8d
        movl    (%rsp), %ecx
        // Reading the x87 control word costs as much as all the rest. fesetround and its kin
        // change both words, so where this one stands at its default so does the other. (Whoever
        // changes the x87 word alone, by assembler, finds it changed in other threads too.)
        movl    %ecx, %eax
        andl    $0xffc0, %eax
        cmpl    $0x1f80, %eax
        jne     6f
7:      movl    %r8d, 4(%rsp)
        movq    %rsp, (%rdi)
        movq    %rsi, %rsp
        // Writing the thread pointer costs most of all. It stands at its own beginning, and the
        // explorer shares it with the main thread.
        cmpq    %fs:0, %rdx
        je      2f
        cmpb    $0, trama_has_fsgsbase(%rip)
        je      1f
        wrfsbase %rdx
        // Loading a control word costs more than all the rest, and threads rarely differ.
2:      cmpl    (%rsp), %ecx
        jne     3f
        cmpw    4(%rsp), %r8w
        jne     4f
5:      addq    $8, %rsp
        popq    %r15
        popq    %r14
        popq    %r13
        popq    %r12
        popq    %rbx
        popq    %rbp
        ret
3:      ldmxcsr (%rsp)
        cmpw    4(%rsp), %r8w
        je      5b
4:      fldcw   4(%rsp)
        jmp     5b
6:      fnstcw  4(%rsp)
        movzwl  4(%rsp), %r8d
        jmp     7b
1:      // arch_prctl(ARCH_SET_FS, thread_pointer): for kernels and machines without FSGSBASE.
        movq    %rdx, %rsi
        movl    $0x1002, %edi
        movl    $158, %eax
        movl    %ecx, %r9d              // a system call takes rcx
        syscall
        movl    %r9d, %ecx
        jmp     2b
        .cfi_endproc
        .size   trama_switch, .-trama_switch

// The first return address of a fiber. The frame says that it has no caller, so that an
// exception that nobody catches ends here, as it does at the bottom of a real thread.
        .globl  trama_fiber_bottom
        .hidden trama_fiber_bottom
        .type   trama_fiber_bottom, @function
        .p2align 4
trama_fiber_bottom:
        .cfi_startproc
        .cfi_undefined rip
        callq   trama_fiber_main
        ud2
        .cfi_endproc
        .size   trama_fiber_bottom, .-trama_fiber_bottom

// void trama_call_guarded(void (*function)(void*), void* argument)
// Calls function(argument). Where an exception or a forced unwind passes through, the
// personality routine below runs trama_guard_unwound on its way (see pthread_once.cpp).
        .globl  trama_call_guarded
        .hidden trama_call_guarded
        .type   trama_call_guarded, @function
        .p2align 4
trama_call_guarded:
        .cfi_startproc
        .cfi_personality 0x9b, trama_guard_personality_ref
        subq    $8, %rsp
        .cfi_adjust_cfa_offset 8
        movq    %rdi, %rax
        movq    %rsi, %rdi
        callq   *%rax
        addq    $8, %rsp
        .cfi_adjust_cfa_offset -8
        ret
        .cfi_endproc
        .size   trama_call_guarded, .-trama_call_guarded

// Ends a signal's handler, as libc's own restorer does; called by nobody else.
        .globl  trama_signal_return
        .hidden trama_signal_return
        .type   trama_signal_return, @function
trama_signal_return:
        movl    $15, %eax
        syscall
        .size   trama_signal_return, .-trama_signal_return

        .section .data.rel.ro,"aw",@progbits
        .p2align 3
        .type   trama_guard_personality_ref, @object
        .size   trama_guard_personality_ref, 8
trama_guard_personality_ref:
        .quad   trama_guard_personality

        .section .note.GNU-stack,"",@progbits
