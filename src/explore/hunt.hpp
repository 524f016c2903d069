// The hunt: executions one after another until one fails, then what the failure leads to.
//
// A data race is found by happens-before in nearly any execution that reaches both accesses,
// long before it does harm. So after a race the hunt makes the racing code visible (each
// access becomes a choice point) and goes on, for a bounded number of executions, until one
// shows the consequence: an assertion, a lost sum, a crash. Both are reported.
#pragma once

#include <cstdint>

#include "base/options.hpp"
#include "explore/distinct_counter.hpp"
#include "schedule/execution_result.hpp"
#include "schedule/strategy.hpp"

namespace trama {

/// What the loop asks of the process that runs the executions.
class HuntHost {
 public:
  virtual ~HuntHost() = default;
  /// Runs the program once from its initial state, steered by `strategy`.
  virtual ExecutionResult execute(Strategy& strategy) = 0;
  /// Runs the last execution again with full recording, and hands the trace of its race
  /// (`race`) or of its failure to the user.
  virtual void report(std::uint64_t execution, const char* strategy, bool race) = 0;
  /// From now on the accesses that raced so far are choice points.
  virtual void make_races_visible() = 0;
  /// True when the user or the clock says that it is enough.
  virtual bool should_stop() = 0;
};

/// Counts that outlive the loop; the host may show them while it runs.
struct HuntProgress {
  std::uint64_t execution_count = 0;
  std::uint64_t step_count = 0;
  std::uint64_t step_limited_count = 0;
  std::uint64_t finding_count = 0;
  std::uint64_t consequence_count = 0;  ///< executions spent after the first race
  bool stopped = false;                 ///< before its bound was reached
  DistinctCounter distinct;
};

/// Runs until a finding (and its consequence), or the bounds in `options`.
/// `on_progress` is called after each execution.
template <typename OnProgress>
void hunt(HuntHost& host, Strategy& strategy, const Options& options, HuntProgress& progress,
          OnProgress on_progress) {
  bool raced = false;
  while (progress.finding_count < (raced ? 2U : 1U)) {
    const bool enough = raced ? progress.consequence_count >= options.consequence
                              : progress.execution_count >= options.executions;
    if (enough) return;
    if (host.should_stop()) {
      progress.stopped = !raced;
      return;
    }
    if (!strategy.begin()) return;
    const ExecutionResult result = host.execute(strategy);
    if (result.end == EndReason::stopped) {
      progress.stopped = !raced;
      return;
    }
    ++progress.execution_count;
    if (raced) ++progress.consequence_count;
    progress.step_count += result.step_count;
    progress.distinct.add(result.fingerprint);
    if (result.end == EndReason::step_limit) ++progress.step_limited_count;
    on_progress(progress);
    if (result.raced && !raced) {
      ++progress.finding_count;
      host.report(progress.execution_count, strategy.name(), true);
      raced = true;
      if (!result.failed) host.make_races_visible();
    } else if (result.raced && !result.failed) {
      host.make_races_visible();
    }
    if (result.failed) {
      ++progress.finding_count;
      host.report(progress.execution_count, strategy.name(), false);
      return;
    }
  }
}

}  // namespace trama
