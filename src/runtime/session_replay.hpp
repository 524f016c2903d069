// TraceCheck: the recorder's view of a trace under replay.
#pragma once

#include "explore/replay.hpp"
#include "runtime/recorder.hpp"

namespace trama::runtime {

class TraceCheck final : public StepCheck {
 public:
  explicit TraceCheck(TraceReplay& replay) : replay_(replay) {}
  const TraceStep* expected() override { return replay_.expected(); }
  bool check(const Event& found, const TracePlace& place) override {
    return replay_.check(found, place);
  }

 private:
  TraceReplay& replay_;
};

}  // namespace trama::runtime
