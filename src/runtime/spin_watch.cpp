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
  // Words of its stack that are atomics, which others may store to at any time.
  static constexpr unsigned kAtomicsMax = 64;
  const std::uint64_t* atomics[kAtomicsMax] = {};
  unsigned atomic_count = 0;

  void leave_out(std::uint64_t address) {
    const auto* word = reinterpret_cast<const std::uint64_t*>(address & ~std::uint64_t{7});
    if (is_atomic(word) || !fiber->has_on_stack(word) || atomic_count == kAtomicsMax) return;
    atomics[atomic_count++] = word;
  }
  [[nodiscard]] bool is_atomic(const std::uint64_t* word) const {
    for (unsigned i = 0; i < atomic_count; ++i) {
      if (atomics[i] == word) return true;
    }
    return false;
  }
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
  if (state.atomic_count == 0) {
    for (; at < top; ++at) hash = mix(hash, *at);
  } else {
    for (; at < top; ++at) hash = mix(hash, state.is_atomic(at) ? 0 : *at);
  }
  state.hash = hash;
  return _URC_END_OF_STACK;
}

}  // namespace

std::uint64_t state_of_loop(std::uint64_t looks_at) {
  static auto* backtrace =
      reinterpret_cast<decltype(&_Unwind_Backtrace)>(find_unwinder("_Unwind_Backtrace"));
  if (backtrace == nullptr) return 0;
  LoopState state;
  state.fiber = engine().running;
  if (const Guide* guide = scheduler().guide(); guide != nullptr) {
    if (looks_at != 0) state.leave_out(looks_at);
    guide->visit_own_atomics(
        self(),
        [](std::uint64_t address, unsigned size, void* to) {
          static_cast<LoopState*>(to)->leave_out(address);
          if (size > 8) static_cast<LoopState*>(to)->leave_out(address + 8);
        },
        &state);
  }
  const std::uint64_t floats = float_state();
  const OutOfControl unwinding;
  backtrace(&look_at_frame, &state);
  return state.hash == 0 ? 0 : mix(state.hash, floats);
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
  // That is dear, so it is asked of a round that is known to end as it began but for that.
  ChangesOfMemory& unseen = unseen_changes();
  LoopMemory& loop = e.running->loop;
  const bool watched = loop.watched && !unseen.end() && !loop.wrote;
  const std::uint64_t hash = state_of_loop();
  const bool alike = hash != 0 && hash == loop.hash && !loop.wrote;
  if (alike && watched) s.confirm_spin();
  loop = {hash, false, alike};
  if (alike) unseen.begin();
}

}  // namespace trama::runtime
