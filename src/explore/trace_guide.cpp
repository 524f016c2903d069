#include "explore/trace_guide.hpp"

#include <algorithm>

#include "event/operation_set.hpp"

namespace trama {
namespace {

constexpr OperationSet kWaits = {Operation::wait, Operation::timed_wait};

}  // namespace

TraceGuide::TraceGuide(const Trace& trace, TraceReplay& follow, ReadMemory read_memory)
    : trace_(trace), follow_(follow), read_memory_(read_memory) {
  begin();
}

void TraceGuide::begin() {
  steps_.assign(trace_.steps.size() + 1, Step{});
  threads_.assign(std::max<std::size_t>(trace_.threads.size(), 1), Thread{});
  last_steps_.assign(threads_.size(), kNoIndex);
  places_.clear();
  thread_count_ = 1;
  for (std::uint32_t i = 0; i < trace_.steps.size(); ++i) {
    const TraceStep& step = trace_.steps[i];
    if (step.behind < trace_.steps.size()) steps_[step.behind].next = i;
    const bool taken = step.alternatives != 0 && step.event.thread < last_steps_.size();
    if (taken) last_steps_[step.event.thread] = i;
  }
}

TraceGuide::Thread& TraceGuide::thread_of(ThreadId thread) {
  if (thread >= threads_.size()) threads_.resize(thread + 1U);
  return threads_[thread];
}

TraceGuide::Place& TraceGuide::place_of(const AtomicAccess& access) {
  const Word now = read_memory_(access.address, access.size);
  const Place place{access.address, access.size, now, now};
  auto at = std::lower_bound(
      places_.begin(), places_.end(), place, [](const Place& one, const Place& other) {
        return one.address != other.address ? one.address < other.address : one.size < other.size;
      });
  if (at == places_.end() || at->address != access.address || at->size != access.size) {
    at = places_.insert(at, place);
  } else if (at->content != now) {
    *at = place;  // written to by other means: another life
  }
  return *at;
}

ThreadId TraceGuide::pick(Scheduler& scheduler) {
  const TraceStep* step = follow_.diverged() ? nullptr : follow_.expected();
  ThreadId next = kNoThread;
  if (step != nullptr) {
    next = step->event.thread;
  } else if (!trace_.findings.empty()) {
    next = trace_.findings[0].thread;  // behind the last step: who failed before its next one
  }
  const auto can = [&](ThreadId thread) {
    return thread < scheduler.thread_count() && scheduler.may_go_on(thread);
  };
  if (step != nullptr) {
    // Each thread has a time of its own; what waits there may have waited until a deadline.
    scheduler.set_now_ns(step->time_ns);
    if (next < scheduler.thread_count() && !can(next)) scheduler.expire(next);
  }
  if (!can(next)) next = scheduler.current();
  for (unsigned t = 0; t < scheduler.thread_count() && !can(next); ++t) {
    next = static_cast<ThreadId>(t);
  }
  if (!can(next) || loops_for_ever()) return kNoThread;
  perform(next, scheduler.state(next).pending);
  return next;
}

/// Behind the last step of a livelock: the loops would go on, and find the same.
bool TraceGuide::loops_for_ever() {
  return !follow_.diverged() && follow_.expected() == nullptr && !trace_.findings.empty() &&
         trace_.findings[0].code == FindingCode::livelock;
}

bool TraceGuide::found_other_than(ThreadId id, std::uint64_t address, std::uint64_t value) const {
  if (id >= threads_.size() || threads_[id].look == kNoNode) return false;
  const Step& look = steps_[threads_[id].look];
  return look.address == address && look.read.low != value;
}

void TraceGuide::perform(ThreadId id, const Event& event) {
  const Operation operation = event.operation;
  Thread& thread = thread_of(id);
  thread.node = kNoNode;
  if (operation == Operation::futex_wait) {
    // A load as well, of what the trace says.
    const TraceStep* expected = follow_.diverged() ? nullptr : follow_.expected();
    thread.node = expected != nullptr && expected->event.operation == operation
                      ? static_cast<NodeId>(expected - trace_.steps.data())
                      : off_trace();
    steps_[thread.node].address = event.address;
    steps_[thread.node].read = {expected != nullptr ? expected->event.before : 0, 0};
    return;
  }
  if (!is_word(event)) return;
  const AtomicAccess& access = thread.access;
  const TraceStep* expected = follow_.diverged() ? nullptr : follow_.expected();
  const bool planned =
      expected != nullptr && expected->event.thread == id && expected->event.operation == operation;
  thread.node = planned ? static_cast<NodeId>(expected - trace_.steps.data()) : off_trace();
  Step& step = steps_[thread.node];
  step.address = access.address;
  step.size = access.size;
  const Place& place = place_of(access);
  const NodeId from = source(thread.node);
  step.read = !planned                                  ? place.content
              : from < off_trace() && steps_[from].made ? steps_[from].written
                                                        : place.initial;
  if (operation != Operation::store) {
    thread.look = thread.node;
    note_look(thread);
  }
  if (operation == Operation::store) store(thread.node, access.value);
}

void TraceGuide::note_look(Thread& thread) {
  for (auto& [code, node] : thread.looks) {
    if (code != thread.code) continue;
    node = thread.node;
    return;
  }
  thread.looks.emplace_back(thread.code, thread.node);
}

void TraceGuide::store(NodeId step, const Word& value) {
  steps_[step].written = value;
  steps_[step].made = true;
  if (!is_latest(step)) return;
  for (Place& place : places_) {
    const bool own = place.address == steps_[step].address && place.size == steps_[step].size;
    if (own) place.content = value;
  }
}

std::uint32_t TraceGuide::next_step_of(ThreadId thread) {
  const TraceStep* step = follow_.diverged() ? nullptr : follow_.expected();
  for (; step != nullptr && step < trace_.steps.data() + trace_.steps.size(); ++step) {
    if (step->event.thread == thread && step->alternatives != 0) {
      return static_cast<std::uint32_t>(step - trace_.steps.data());
    }
  }
  return kNoIndex;
}

/// What was not made into a step is followed by a yield.
Guide::AtomicLook TraceGuide::arrive_at_atomic(ThreadId thread, std::uint64_t code,
                                               const Event& /*event*/) {
  Thread& self = thread_of(thread);
  const std::uint32_t next = next_step_of(thread);
  if (next != kNoIndex && trace_.steps[next].event.operation == Operation::yield) {
    for (const auto& [at, node] : self.looks) {
      if (at == code) return {Look::go_on, true, steps_[node].read};
    }
  }
  self.code = code;
  return {Look::go_on, false, {}};
}

Guide::WeakExchange TraceGuide::arrive_at_exchange(ThreadId thread, std::uint64_t,
                                                   std::uint64_t (*)()) {
  const std::uint32_t next = next_step_of(thread);
  const bool chose = next != kNoIndex && trace_.steps[next].event.operation == Operation::choose;
  return chose ? WeakExchange::may_fail : WeakExchange::is_strong;
}

// A choice stands in the trace with the step that its thread took next. Whether a wait ends by
// itself is asked more often here than it was then, when that had its limit: the step itself says
// it. What was chosen for a step that never came is the last that stands with the one before.
std::uint32_t TraceGuide::choose(ThreadId id, std::uint32_t count) {
  const std::uint32_t at = next_step_of(id);
  std::uint32_t value = 0;
  if (at == kNoIndex) {
    const std::uint32_t last = id < last_steps_.size() ? last_steps_[id] : kNoIndex;
    if (last == kNoIndex || trace_.steps[last].chosen.empty()) return 0;
    value = trace_.steps[last].chosen.back();
  } else if (const Event& event = trace_.steps[at].event; kWaits.contains(event.operation)) {
    value = event.after == 1 ? 1 : 0;
  } else {
    Thread& thread = thread_of(id);
    if (thread.choosing != at) thread.chosen = 0;
    thread.choosing = at;
    const std::vector<std::uint32_t>& chosen = trace_.steps[at].chosen;
    if (thread.chosen < chosen.size()) value = chosen[thread.chosen++];
  }
  return value < count ? value : 0;
}

/// No choice of the trace: the step itself tells.
bool TraceGuide::chance(ThreadId thread, Chance what, std::uint64_t fault) {
  ChoicePoint point;
  point.kind = ChoiceKind::chance;
  point.count = 2;
  point.current = thread;
  point.chance = what;
  point.fault = fault;
  return follow_.choose(point) == 1;
}

ThreadId TraceGuide::number_of_child(ThreadId) {
  const TraceStep* step = follow_.diverged() ? nullptr : follow_.expected();
  ThreadId number = thread_count_;
  if (step != nullptr && step->event.operation == Operation::create &&
      step->event.other != kNoThread) {
    number = step->event.other;
  }
  thread_count_ = std::max<ThreadId>(thread_count_, number + 1U);
  return number;
}

void TraceGuide::announce(ThreadId thread, const AtomicAccess& access) {
  thread_of(thread).access = access;
}

NodeId TraceGuide::source(NodeId load) const {
  if (load >= off_trace()) return kInitialStore;
  const std::uint32_t from = trace_.steps[load].from;
  return from < off_trace() ? from : kInitialStore;
}

NodeId TraceGuide::write(NodeId load, const Word& value) {
  store(load, value);
  return load;
}

bool TraceGuide::is_latest(NodeId store) const {
  if (store >= off_trace()) return true;
  // As many stores as there are steps: a chain that a damaged file closes to a ring ends too.
  std::uint32_t later = steps_[store].next;
  for (std::size_t i = 0; i < steps_.size() && later != kNoIndex; ++i) {
    if (steps_[later].made) return false;
    later = steps_[later].next;
  }
  return true;
}

AtomicSources TraceGuide::sources_of(NodeId step) const {
  if (step >= off_trace()) return {};
  const auto node_of = [](std::uint32_t index) {
    return index == kInitialValue ? kInitialStore : index == kNoIndex ? kNoNode : index;
  };
  return {node_of(trace_.steps[step].from), node_of(trace_.steps[step].behind)};
}

}  // namespace trama
