#include "runtime/spin_watch.hpp"

#include <time.h>
#include <unwind.h>

#include "runtime/arch.hpp"
#include "runtime/child_process.hpp"
#include "runtime/heap.hpp"
#include "runtime/memory_state.hpp"
#include "runtime/modules.hpp"
#include "runtime/program_symbols.hpp"
#include "runtime/real.hpp"
#include "runtime/syscall.hpp"

namespace trama::runtime {
namespace {

struct LoopState {
  std::uint64_t hash = 0;
  const Fiber* fiber = nullptr;
};

/// The first frame of the program: what its function keeps over a call, in registers and on
/// the stack, is all that its loop can remember.
_Unwind_Reason_Code look_at_frame(_Unwind_Context* context, void* argument) {
  static auto* get_ip = reinterpret_cast<decltype(&_Unwind_GetIP)>(find_unwinder("_Unwind_GetIP"));
  static auto* get_register =
      reinterpret_cast<decltype(&_Unwind_GetGR)>(find_unwinder("_Unwind_GetGR"));
  static auto* get_cfa =
      reinterpret_cast<decltype(&_Unwind_GetCFA)>(find_unwinder("_Unwind_GetCFA"));
  const std::uint64_t pc = get_ip(context);
  if (pc == 0) return _URC_END_OF_STACK;
  if (is_runtime_code(pc)) return _URC_NO_REASON;
  auto& state = *static_cast<LoopState*>(argument);
  std::uint64_t hash = mix(1, pc);
  for (const int number : kPreservedRegisters) hash = mix(hash, get_register(context, number));
  const std::uint64_t cfa = get_cfa(context);
  const auto low = reinterpret_cast<std::uint64_t>(state.fiber->stack_low);
  const auto high = reinterpret_cast<std::uint64_t>(state.fiber->stack_top);
  if (cfa < low || cfa > high) return _URC_END_OF_STACK;  // a context with a stack of its own
  const auto* at = reinterpret_cast<const std::uint64_t*>(cfa);
  const auto* top = reinterpret_cast<const std::uint64_t*>(high);
  for (; at < top; ++at) hash = mix(hash, *at);
  state.hash = hash;
  return _URC_END_OF_STACK;
}

}  // namespace

std::uint64_t state_of_loop() {
  static auto* backtrace =
      reinterpret_cast<decltype(&_Unwind_Backtrace)>(find_unwinder("_Unwind_Backtrace"));
  if (backtrace == nullptr) return 0;
  LoopState state{0, engine().running};
  const OutOfControl unwinding;
  backtrace(&look_at_frame, &state);
  return state.hash;
}

void watch_spin(std::uint64_t code, std::uint64_t address) {
  Engine& e = engine();
  Scheduler& s = e.scheduler;
  if (!s.suspects_livelock()) {
    e.spin_watched = false;
    if (e.recorder == nullptr && e.visible.empty() && e.watched_address == 0) {
      g_plain = PlainMode::detect;
    }
    return;
  }
  if (!e.spin_watched) {
    // From now on plain writes are looked at: a loop that writes may come to an end.
    e.spin_watched = true;
    g_plain = PlainMode::look;
    for (unsigned i = 0; i < s.thread_count(); ++i) e.fibers.of(static_cast<ThreadId>(i)).loop = {};
  }
  if (!s.at_mark(code, address)) return;
  if (has_children() || has_native_threads()) {
    // What these share with the program may end the loop: they are given real time for it.
    constexpr unsigned kRounds = 64;
    static unsigned rounds = 0;
    if (++rounds % kRounds == 0) {
      const timespec pause = {0, 100'000};
      raw_syscall(SYS_nanosleep, reinterpret_cast<long>(&pause), 0);
    }
    return s.expect_help();
  }
  // What code without instrumentation did is told by memory itself, and by its system calls.
  ChangesOfMemory& unseen = unseen_changes();
  LoopMemory& loop = e.running->loop;
  const bool changed = unseen.end() || loop.wrote;
  const std::uint64_t hash = state_of_loop();
  if (hash != 0 && hash == loop.hash && !changed) s.confirm_spin();
  loop = {hash, false};
  unseen.begin();
}

}  // namespace trama::runtime
