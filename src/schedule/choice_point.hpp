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
};

/// Index into the alternatives of a choice point.
using Alternative = std::uint32_t;

struct ChoicePoint {
  ChoiceKind kind = ChoiceKind::thread;
  std::uint32_t count = 0;       ///< number of alternatives, at least 2
  std::uint64_t step = 0;        ///< number of the step that is about to be chosen, from 0
  ThreadId current = kNoThread;  ///< who took the last step
  /// thread, wake: the candidates, ascending for `thread`, in waiting order for `wake`.
  std::span<const ThreadId> threads;
  /// All threads by id, so that a strategy can look at what each is about to do.
  std::span<const ThreadState> states;
};

}  // namespace trama
