// Strategy: the brain that steers executions.
#pragma once

#include <cstdint>

#include "schedule/choice_point.hpp"

namespace trama {

/// What an execution came to, as far as a strategy may learn from it.
struct ExecutionSummary {
  std::uint64_t step_count = 0;
  std::uint64_t choice_count = 0;
  std::uint32_t thread_count = 0;  ///< threads created, main included
};

/// Decides, at each choice point, which alternative an execution takes.
///
/// A strategy outlives the executions it steers, so it may learn from one before it
/// chooses in the next. It is a pure function of its seed and of the calls made to it:
/// replay depends on that. One algorithm, one file (src/explore), its paper named there.
class Strategy {
 public:
  virtual ~Strategy() = default;
  /// Stable name, as given to --strategy and written to traces.
  [[nodiscard]] virtual const char* name() const = 0;
  /// Starts the next execution; false when nothing is left to explore.
  virtual bool begin() = 0;
  /// Picks one of the `point.count` alternatives.
  virtual Alternative choose(const ChoicePoint& point) = 0;
  /// The execution that `begin` started has ended.
  virtual void end(const ExecutionSummary& summary) { static_cast<void>(summary); }
};

}  // namespace trama
