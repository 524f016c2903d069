#include "explore/replay.hpp"

#include "base/check.hpp"
#include "event/io_fault.hpp"
#include "memory/execution_graph.hpp"

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

Alternative TraceReplay::woken_later(const ChoicePoint& point, const Event& wake) const {
  Alternative never = point.count;
  Alternative first = point.count;
  std::size_t first_at = trace_.steps.size();
  for (Alternative i = 0; i < point.count; ++i) {
    const ThreadId thread = point.threads[i];
    bool woken = false;
    for (std::size_t at = step_ + 1; at < trace_.steps.size() && !woken; ++at) {
      const Event& later = trace_.steps[at].event;
      if (trace_.steps[at].alternatives == 0) continue;
      // Another wake of the same object names it: not woken by this one.
      if (later.object == wake.object && later.operation == wake.operation &&
          later.other == thread) {
        woken = true;
      } else if (later.thread == thread) {
        woken = true;
        if (later.other == wake.thread && at < first_at) {
          first = i;
          first_at = at;
        }
      }
    }
    if (!woken && never == point.count) never = i;
  }
  if (first != point.count) return first;
  return never != point.count ? never : 0;
}

bool TraceReplay::happened(const ChoicePoint& point, const TraceStep& step) {
  switch (point.chance) {
    case Chance::spurious_wake: return step.event.after == 1;
    case Chance::deadline: return step.time_ns >= point.time_ns;
    case Chance::io_fault: return static_cast<std::uint64_t>(fault_of(step.event)) == point.fault;
    case Chance::weak_exchange:
    case Chance::try_lock: return step.event.outcome == Outcome::failed;
  }
  return false;
}

Alternative TraceReplay::last_chosen(const ChoicePoint& point) const {
  if (trace_.findings.empty() || point.kind != ChoiceKind::thread) return 0;
  for (Alternative i = 0; i < point.count; ++i) {
    if (point.threads[i] == trace_.findings[0].thread) return i;
  }
  return 0;
}

Alternative TraceReplay::choose(const ChoicePoint& point) {
  const TraceStep* step = expected();
  if (step == nullptr && !diverged_) return last_chosen(point);
  if (diverged_) return 0;
  if (point.kind == ChoiceKind::value) {
    if (step->event.after < point.count) return static_cast<Alternative>(step->event.after);
    diverged_ = true;
    return 0;
  }
  if (point.kind == ChoiceKind::chance) return happened(point, *step) ? 1 : 0;
  if (point.kind == ChoiceKind::store) return store_of(point, *step);
  const ThreadId wanted = point.kind == ChoiceKind::wake ? step->event.other : step->event.thread;
  for (Alternative i = 0; i < point.count; ++i) {
    if (point.threads[i] == wanted) return i;
  }
  if (point.kind == ChoiceKind::wake) return woken_later(point, step->event);
  diverged_ = true;
  return 0;
}

/// Stores go by the number of their step among those that are no notes.
Alternative TraceReplay::store_of(const ChoicePoint& point, const TraceStep& step) {
  const std::uint32_t source = step.from != kNoIndex ? step.from : step.behind;
  if (source == kNoIndex) return 0;
  if (numbers_.empty()) {
    std::uint32_t number = 0;
    for (const TraceStep& any : trace_.steps) {
      numbers_.push_back(number);
      if (any.alternatives != 0) ++number;
    }
  }
  const std::uint32_t wanted = source < numbers_.size() ? numbers_[source] : kInitialStore;
  for (Alternative i = 0; i < point.count; ++i) {
    if (point.stores[i] == wanted) return i;
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
