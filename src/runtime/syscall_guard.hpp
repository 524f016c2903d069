// Whether the program asks the kernel for something: while the guard stands, every system call
// that is not made by the runtime's own code is noticed, and then done.
//
// Linux' syscall user dispatch (5.11): the kernel turns such a call into SIGSYS.
#pragma once

namespace trama::runtime {

/// False where the kernel has no such thing.
bool set_syscall_guard();
/// True while one stands.
bool is_guarding();
/// Ends it. True when there was a call.
bool lift_syscall_guard();

}  // namespace trama::runtime
