// What the rest of the runtime asks of an architecture: a switch between stacks, and the
// thread pointer. arch_x86_64.S answers for x86-64; another machine is one more such file.
#pragma once

#include <cstdint>

extern "C" {
/// Saves the running context in *save and takes over the one at `to`, with its thread
/// pointer (the base of its thread-local storage).
void trama_switch(void** save, void* to, std::uint64_t thread_pointer);
/// Where a new fiber begins; calls trama_fiber_main.
void trama_fiber_bottom();
void trama_fiber_main();
void trama_call_guarded(void (*function)(void*), void* argument);
extern bool trama_has_fsgsbase;
}

namespace trama::runtime {

/// The thread pointer of the running kernel thread.
inline std::uint64_t thread_pointer() {
  std::uint64_t value = 0;
  asm("movq %%fs:0, %0" : "=r"(value));  // the ABI keeps a pointer to itself there
  return value;
}

/// How the running thread calculates: rounding, traps, and which exceptions there have been; but for
/// "inexact", which nearly all calculations raise, ours too.
inline std::uint64_t float_state() {
  std::uint32_t sse = 0;
  std::uint16_t x87 = 0;
  asm volatile("stmxcsr %0\n\tfnstcw %1" : "=m"(sse), "=m"(x87));
  constexpr std::uint32_t kInexact = 0x20;
  return (sse & ~kInexact) | std::uint64_t{x87} << 32U;
}

/// The registers that calls preserve, by their numbers in DWARF: rbx, rbp, r12 to r15.
inline constexpr int kPreservedRegisters[] = {3, 6, 12, 13, 14, 15};

/// The frame pointer of a context that trama_switch has saved.
inline const std::uint64_t* parked_frame(const void* stack_pointer) {
  constexpr int kBehind = 6;  // control words and five registers
  return reinterpret_cast<const std::uint64_t* const*>(stack_pointer)[kBehind];
}

/// A fresh stack that trama_switch can take over: as if trama_fiber_bottom had been about to
/// return from a switch. `top` is aligned to 16 bytes.
inline void* prepare_stack(char* top) {
  auto* at = reinterpret_cast<std::uint64_t*>(top);
  *--at = reinterpret_cast<std::uint64_t>(&trama_fiber_bottom);
  for (int i = 0; i < 6; ++i) *--at = 0;  // callee-saved registers
  *--at = 0x0000037f00001f80U;            // x87 control word, mxcsr: the ABI's defaults
  return at;
}

}  // namespace trama::runtime
