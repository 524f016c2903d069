// The two ways to take an execution again.
//
// ScheduleReplay gives the answers of a Schedule, within the process that found it.
// TraceReplay follows the steps of a trace file, maybe written days ago by another build:
// it names the thread that takes each step, and compares what the thread then does with
// what the trace says, so that a program that has changed is caught at the first difference.
#pragma once

#include <cstdint>
#include <vector>

#include "schedule/schedule.hpp"
#include "schedule/scheduler.hpp"
#include "schedule/strategy.hpp"
#include "trace/trace.hpp"

namespace trama {

class ScheduleReplay final : public Strategy {
 public:
  explicit ScheduleReplay(const Schedule& schedule) : schedule_(schedule) {}

  [[nodiscard]] const char* name() const override { return "replay"; }
  bool begin() override {
    next_ = 0;
    return true;
  }
  Alternative choose(const ChoicePoint& point) override;

 private:
  const Schedule& schedule_;
  std::uint64_t next_ = 0;
};

class TraceReplay final : public Strategy {
 public:
  /// `compare_places`: the program is the very one of the trace, so that code addresses
  /// must agree too.
  TraceReplay(const Trace& trace, bool compare_places)
      : trace_(trace), compare_places_(compare_places) {}

  [[nodiscard]] const char* name() const override { return "replay"; }
  bool begin() override {
    step_ = 0;
    diverged_ = false;
    return true;
  }
  Alternative choose(const ChoicePoint& point) override;

  /// Tells what was done as the next step, at which place; false at the first difference.
  bool check(const Event& found, const TracePlace& place);
  [[nodiscard]] bool diverged() const { return diverged_; }
  /// The step that the trace expects next; null when the trace is at its end.
  [[nodiscard]] const TraceStep* expected();

 private:
  [[nodiscard]] static bool happened(const ChoicePoint& point, const TraceStep& step);
  /// A wake of several threads names only the first; the others are told by their next step,
  /// which names who woke them. Who takes none before the trace ends may have been woken.
  [[nodiscard]] Alternative woken_later(const ChoicePoint& point, const Event& wake) const;

  /// Behind the last step: who was chosen to take one more, and failed before it was taken.
  [[nodiscard]] Alternative last_chosen(const ChoicePoint& point) const;

  [[nodiscard]] Alternative store_of(const ChoicePoint& point, const TraceStep& step);

  const Trace& trace_;
  std::vector<std::uint32_t> numbers_;  // of the trace's steps, when first needed
  bool compare_places_;
  bool diverged_ = false;
  std::size_t step_ = 0;  // index into trace_.steps
};

}  // namespace trama
