// ThreadState: what the scheduler knows of one thread of the program under test.
#pragma once

#include <cstdint>

#include "event/event.hpp"
#include "schedule/spin.hpp"

namespace trama {

enum class ThreadStatus : std::uint8_t {
  unused,    ///< the id is free
  ready,     ///< it announced `pending`; enabled or not, as that operation demands
  waiting,   ///< in the queue of a condition or futex; only a wake-up or deadline helps
  sleeping,  ///< until `pending.deadline_ns`
  stuck,     ///< in a loop without a step, out of which nobody can bring it
  finished,
};

/// Aligned, and what each step touches first, so that a step touches few cache lines.
struct alignas(64) ThreadState {
  /// The step it will take when it is next chosen; for a waiting thread, what it waits in.
  Event pending;
  ThreadStatus status = ThreadStatus::unused;
  bool detached = false;
  bool joined = false;
  bool awaited = false;            ///< some thread has announced that it joins it
  bool woken = false;              ///< a wait ended by a notify or wake, not by its deadline
  bool interrupted = false;        ///< enabled, though what it waits for has not come
  bool held = false;               ///< under a guide: the host says that its step is not possible
  bool may_come_early = false;     ///< under a guide: its deadline, while others could go on
  std::uint8_t chances_taken = 0;  ///< under a guide: unlikely things it has met
  std::uint32_t clock_looks = 0;   ///< under a guide: how often it read the clock
  ThreadId creator = kNoThread;
  ThreadId woken_by = kNoThread;
  std::uint32_t wait_bits = 0;   ///< FUTEX_WAIT_BITSET: which wakes concern it
  std::uint64_t wait_order = 0;  ///< ascending in the order in which waits began
  std::uint64_t wait_step = 0;   ///< when its wait began
  std::uint64_t woken_step = 0;  ///< when its last wait ended by a notify
  std::uint64_t step_count = 0;  ///< steps this thread has taken
  std::uint64_t barrier = 0;     ///< number of its last step that a store buffer does not outlast
  std::uint64_t hash = 0;        ///< of its last step and all that happened before it
  bool has_left = false;         ///< see Scheduler::leave_main
  Spin spin;                     ///< whether it goes round in a loop that only looks

  /// Who joins it may go on.
  [[nodiscard]] bool is_over() const { return status == ThreadStatus::finished || has_left; }

  /// As it was made, but for what is written before it is read. Called for each thread of each
  /// execution: not worth wiping it whole.
  void reset() {
    status = ThreadStatus::unused;
    detached = joined = has_left = awaited = woken = interrupted = false;
    held = may_come_early = false;
    chances_taken = 0;
    clock_looks = 0;
    creator = woken_by = kNoThread;
    wait_bits = 0;
    wait_order = wait_step = woken_step = 0;
    step_count = hash = barrier = 0;
    spin.reset();
    pending.operation = Operation{};
    pending.object = pending.mutex = kNoObject;
    pending.deadline_ns = 0;
  }
};

}  // namespace trama
