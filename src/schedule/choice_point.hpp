// ChoicePoint: a place in an execution where more than one thing may come next.
#pragma once

#include <cstdint>
#include <span>

#include "event/event.hpp"
#include "schedule/thread_state.hpp"

namespace trama {

enum class ChoiceKind : std::uint8_t {
  thread,  ///< which thread takes the next step
  wake,    ///< which of the waiting threads a notify_one or a futex wake concerns
  value,   ///< trama::choose(n)
  chance,  ///< 1: something unlikely happens that the standard allows; 0: it does not
  store,   ///< which store a load reads, or a store stands behind; 0: the newest
};

/// What a `chance` is about. Each is bounded in number for an execution (Allowances): they
/// are there to be met once, not to fill the executions.
enum class Chance : std::uint8_t {
  spurious_wake,  ///< a wait on a condition ends without a notify
  deadline,       ///< time passes to the next deadline while threads could still go on
  weak_exchange,  ///< a weak compare-exchange fails though it found what it expected
  try_lock,       ///< a try_lock fails though the lock is free
  io_fault,       ///< the network does less than it was asked to, or nothing
};
inline constexpr unsigned kChanceCount = 5;

/// Index into the alternatives of a choice point.
using Alternative = std::uint32_t;

struct ChoicePoint {
  ChoiceKind kind = ChoiceKind::thread;
  std::uint32_t count = 0;       ///< number of alternatives, at least 2
  std::uint64_t step = 0;        ///< number of the step that is about to be chosen, from 0
  ThreadId current = kNoThread;  ///< who took the last step
  bool spins = false;            ///< some thread may be spinning; false: surely none
  Chance chance{};               ///< chance: of what
  std::uint64_t time_ns = 0;     ///< chance of a deadline: which one
  std::uint64_t fault = 0;       ///< chance of a fault: which one; stands in the step's `before`
  /// thread, wake: the candidates, ascending for `thread`, in waiting order for `wake`.
  std::span<const ThreadId> threads;
  /// store: the candidates, newest first, by what the caller calls them.
  std::span<const std::uint32_t> stores;
  /// All threads by id, so that a strategy can look at what each is about to do.
  std::span<const ThreadState> states;
};

}  // namespace trama
