#include "explore/replay.hpp"

#include "base/check.hpp"

namespace trama {

Alternative ScheduleReplay::choose(const ChoicePoint& point) {
  // Past its end: only reached where an execution is taken further than it went before.
  if (next_ >= schedule_.size()) return 0;
  const Alternative answer = schedule_[next_++];
  return answer < point.count ? answer : 0;
}

const TraceStep* TraceReplay::expected() {
  // Steps without alternatives are notes (plain accesses to a watched location), no steps
  // of the schedule.
  while (step_ < trace_.steps.size() && trace_.steps[step_].alternatives == 0) ++step_;
  return step_ < trace_.steps.size() ? &trace_.steps[step_] : nullptr;
}

Alternative TraceReplay::choose(const ChoicePoint& point) {
  const TraceStep* step = expected();
  if (step == nullptr || diverged_) return 0;
  if (point.kind == ChoiceKind::value) {
    if (step->event.after < point.count) return static_cast<Alternative>(step->event.after);
    diverged_ = true;
    return 0;
  }
  const ThreadId wanted =
      point.kind == ChoiceKind::wake ? step->event.other : step->event.thread;
  for (Alternative i = 0; i < point.count; ++i) {
    if (point.threads[i] == wanted) return i;
  }
  // A wake of several threads names only the first; the others are told by who wakes later.
  if (point.kind == ChoiceKind::wake) {
    for (std::size_t later = step_; later < trace_.steps.size(); ++later) {
      const Event& event = trace_.steps[later].event;
      const bool wakes =
          event.operation == Operation::wake || event.operation == Operation::futex_woken;
      for (Alternative i = 0; wakes && i < point.count; ++i) {
        if (point.threads[i] == event.thread && event.other == point.current) return i;
      }
    }
    return 0;
  }
  diverged_ = true;
  return 0;
}

bool TraceReplay::check(const Event& found, const TracePlace& place) {
  const TraceStep* step = expected();
  if (diverged_ || step == nullptr) return !diverged_;
  const Event& wanted = step->event;
  bool same = wanted.thread == found.thread && wanted.operation == found.operation &&
              wanted.object == found.object && wanted.outcome == found.outcome;
  if (same && compare_places_ && step->place < trace_.places.size()) {
    const TracePlace& other = trace_.places[step->place];
    same = other.module == place.module && other.offset == place.offset;
  }
  if (!same) {
    diverged_ = true;
    return false;
  }
  ++step_;
  return true;
}

}  // namespace trama
