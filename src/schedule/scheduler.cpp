#include "schedule/scheduler.hpp"

#include "base/check.hpp"
#include "base/prng.hpp"
#include "schedule/readiness.hpp"

namespace trama {
namespace {

/// Steps on something outside the program, which has no address, but an order.
bool on_terminal(Operation operation) {
  return operation == Operation::output || operation == Operation::input;
}

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  return (hash * 0xff51afd7ed558ccdU + value) ^ (hash >> 29U);
}

}  // namespace

Scheduler::Scheduler(RaceDetector& detector)
    : detector_(detector), states_(kThreadCountMax), candidates_(kThreadCountMax) {}

void Scheduler::begin(Strategy& strategy, Schedule& schedule, std::uint64_t step_count_max,
                      StepListener* listener) {
  strategy_ = &strategy;
  schedule_ = &schedule;
  listener_ = listener;
  schedule.clear();
  objects_.clear();
  enabled_.clear();
  for (unsigned i = 0; i < thread_count_; ++i) states_[i].reset();
  end_reason_ = EndReason::none;
  ++execution_;
  step_count_ = 0;
  step_count_max_ = step_count_max;
  stop_requested_ = false;
  now_ns_ = 0;
  time_step_ = 0;
  clock_wait_ns_ = 0;
  left_ = allowed_;
  spins_ = false;
  suspicion_ = false;
  proven_ = false;
  stuck_ = false;
  wait_order_ = 0;
  refused_count_ = 0;
  alternatives_ = 1;
  deadline_count_ = 0;
  thread_count_ = 1;
  created_count_ = 1;
  alive_count_ = 1;
  states_[kMainThread].status = ThreadStatus::ready;
  enabled_.insert(kMainThread);
  detector_.begin_execution();
  turn_to(kMainThread);
}

void Scheduler::end(EndReason reason) {
  if (end_reason_ != EndReason::none) return;
  end_reason_ = reason;
  strategy_->end({step_count_, schedule_->size(), created_count_});
}

bool Scheduler::enabled(ThreadId thread, const Event& pending) const {
  if (pending.operation == Operation::join) {
    if (states_[pending.other].is_over()) return true;
    return expires(pending) && (states_[thread].may_come_early || pending.deadline_ns <= now_ns_);
  }
  if (!gated(pending.operation)) return true;
  const ObjectId gate = gate_of(pending);
  if (gate == kNoObject) return true;
  // Under a guide a step whose deadline may come is an attempt, made at one time or another.
  if (states_[thread].may_come_early && expires(pending)) return true;
  const SyncObject& object = objects_[gate];
  if (pending.operation == Operation::acquire) {
    if (object.depth != 0) return true;
  } else if (pending.operation == Operation::read_lock ? object.owner == kNoThread
                                                       : available(object, thread)) {
    return true;
  }
  // Its time is over: it is enabled, as an attempt that may fail.
  return states_[thread].interrupted || (expires(pending) && pending.deadline_ns <= now_ns_);
}

bool Scheduler::available(const SyncObject& object, ThreadId thread) {
  if (object.owner == kNoThread) return object.readers.empty();
  return object.owner == thread && object.lock_kind == LockKind::recursive;
}

void Scheduler::set_ready(ThreadId thread, const Event& pending) {
  ThreadState& state = states_[thread];
  state.pending = pending;
  settle_readiness(thread, state);
}

__attribute__((noinline)) void Scheduler::settle_gate(ThreadId thread, ThreadState& state) {
  const Event& pending = state.pending;
  if (gated(pending.operation)) {
    if (const ObjectId gate = gate_of(pending); gate != kNoObject) ++objects_[gate].pending_count;
  } else {
    states_[pending.other].awaited = true;
  }
  if (enabled(thread, pending)) {
    enabled_.insert(thread);
  } else {
    enabled_.erase(thread);
    // A timed lock that cannot go on now may still end by its deadline.
    if (expires(pending)) ++deadline_count_;
  }
}

/// Decided by the thread's own time, once: others' times say nothing of it.
void Scheduler::note_deadline(ThreadState& state) const {
  const std::uint64_t deadline_ns = state.pending.deadline_ns;
  state.may_come_early = deadline_ns != 0 && deadline_ns <= now_ns_ + kNearNs;
}

ThreadId Scheduler::announce_prepared() {
  ThreadState& state = *running_;
  settle_readiness(current_, state);
  return pick();
}

ThreadId Scheduler::announce(const Event& event) {
  set_ready(current_, event);
  return pick();
}

ThreadId Scheduler::announce_waiting(const Event& event, bool possible) {
  running_->held = !possible;
  return announce(event);
}

void Scheduler::set_possible(ThreadId thread, bool possible) {
  ThreadState& state = states_[thread];
  if (state.status != ThreadStatus::ready) return;
  state.held = !possible;
  possible ? enabled_.insert(thread) : enabled_.erase(thread);
}

bool Scheduler::run_out_of_steps() {
  // Most of the execution was spent going round: no state came twice, but nothing came of it.
  const bool in_vain = suspicion_ && step_count_ - suspicion_step_ > step_count_max_ / 2;
  end(stop_requested_ ? EndReason::stopped : in_vain ? EndReason::livelock : EndReason::step_limit);
  return true;
}

/// Under a guide, where nobody can go on: all whose deadline may come wait until it does.
bool Scheduler::only_time_passes() const {
  if (idle_listener_ == nullptr || stuck_) return false;
  for (unsigned i = 0; i < thread_count_; ++i) {
    // What could have come early has been left to other executions.
    if (states_[i].may_come_early && has_deadline(static_cast<ThreadId>(i))) return false;
  }
  return true;
}

ThreadId Scheduler::pick_guided() {
  if (out_of_steps()) return kNoThread;
  alternatives_ = 1;
  if (enabled_.count() == 0 && deadline_count_ != 0 && only_time_passes() && is_judged()) {
    return kNoThread;
  }
  const ThreadId next = guide_->pick(*this);
  if (next != kNoThread) {
    if (next != current_) turn_to(next);
    running_->held = false;
    return next;
  }
  if (guide_->loops_for_ever()) {
    proven_ = true;
    end(EndReason::livelock);
    return kNoThread;
  }
  // Where time could help, an execution in which it passed earlier shows what comes of it.
  end(alive_count_ == 0                                         ? EndReason::finished
      : stuck_ || enabled_.count() != 0 || deadline_count_ != 0 ? EndReason::abandoned
                                                                : EndReason::deadlock);
  return kNoThread;
}

__attribute__((noinline)) ThreadId Scheduler::pick_with_care() {
  if (out_of_steps()) return kNoThread;
  while (enabled_.count() == 0) {
    if (spins_ && all_spin() && !wait_out_spins() && pick_spinner() == kNoThread) {
      return kNoThread;
    }
    if (idle_listener_ != nullptr && ask_outside()) continue;
    if (deadline_count_ != 0 && idle_listener_ != nullptr && is_judged()) return kNoThread;
    if (!advance_to_earliest_deadline()) {
      end(alive_count_ == 0 ? EndReason::finished
          : stuck_          ? EndReason::step_limit
                            : EndReason::deadlock);
      return kNoThread;
    }
  }
  if (spins_ && all_spin()) {
    if (!wait_out_spins()) return pick_spinner();
  } else if (deadline_count_ != 0) {
    let_time_pass();
  }
  return pick_of_many();
}

bool Scheduler::is_judged() {
  const EndReason reason = idle_listener_->judge();
  if (reason == EndReason::none) return false;
  proven_ = true;
  end(reason);
  return true;
}

ThreadId Scheduler::pick_of_many() {
  alternatives_ = enabled_.count();
  if (alternatives_ == 1) {
    const ThreadId only = enabled_.first();
    if (only != current_) turn_to(only);
    return only;
  }
  enabled_.list(candidates_.data());
  thread_point_.count = alternatives_;
  thread_point_.threads = {candidates_.data(), alternatives_};
  thread_point_.spins = spins_;
  const ThreadId next = candidates_[ask_strategy(thread_point_)];
  if (next != current_) turn_to(next);
  return next;
}

std::uint32_t Scheduler::ask(ChoicePoint& point) {
  // A step may take several answers (whom it wakes), so they can run out before the steps
  // do. What is asked beyond is answered as a replay would; the next step ends it.
  if (schedule_->size() == schedule_->capacity()) return 0;
  if (__builtin_expect(guide_ != nullptr, 0)) return ask_guide(point.count);
  return ask_strategy(point);
}

/// Requires: the schedule has room, as it has where `out_of_steps` said no.
inline std::uint32_t Scheduler::ask_strategy(ChoicePoint& point) {
  point.step = step_count_;
  point.current = current_;
  point.states = {states_.data(), thread_count_};
  const Alternative answer = strategy_->choose(point);
  TRAMA_CHECK(answer < point.count);
  schedule_->push(answer);
  return answer;
}

std::uint32_t Scheduler::ask_guide(std::uint32_t count) {
  const std::uint32_t answer = guide_->choose(current_, count);
  if (listener_ != nullptr) listener_->on_choice(current_, answer);
  return answer;
}

bool Scheduler::ask_chance(Chance what, std::uint64_t amount, std::uint64_t time_ns,
                           std::uint64_t fault) {
  ChoicePoint point;
  point.kind = ChoiceKind::chance;
  point.count = 2;
  point.chance = what;
  point.time_ns = time_ns;
  point.fault = fault;
  const std::uint64_t size = schedule_->size();
  if (ask(point) == 0) {
    refused_count_ += schedule_->size() - size;
    return false;
  }
  left_.take(what, amount);
  return true;
}

bool Scheduler::chance(Chance what, std::uint64_t fault) {
  if (__builtin_expect(guide_ != nullptr, 0)) {
    if (!has_chance(what) || !guide_->chance(current_, what, fault)) return false;
    ++running_->chances_taken;
    return true;
  }
  return left_.has(what) && ask_chance(what, 1, 0, fault);
}

namespace {

/// Where a processor with store buffers waits for its own stores: at all but loads, other stores and
/// weaker fences.
bool empties_buffer(const Event& event) {
  switch (event.operation) {
    case Operation::load: return false;
    case Operation::store:
    case Operation::fence: return event.order == MemoryOrder::seq_cst;
    default: return true;
  }
}

}  // namespace

void Scheduler::record(const Event& event) {
  const std::uint64_t number = step_count_++;
  ThreadState& state = *running_;
  ++state.step_count;
  if (__builtin_expect(notes_barriers_, 0) && empties_buffer(event)) state.barrier = number;
  // A guide sees to loops itself, and knows what is distinct.
  if (__builtin_expect(guide_ == nullptr, 1)) {
    note_change(event);
    // Fingerprint: each step is hashed with its predecessors in the partial order, that is with
    // the step before it in its thread and the last one on its address. Addresses share 256
    // slots, so two executions that are the same may rarely count as two.
    const std::uint64_t what = static_cast<std::uint64_t>(event.operation) +
                               (static_cast<std::uint64_t>(event.other) << 16U);
    if (event.address != 0 || on_terminal(event.operation)) {
      follow(event.address, event.address * 64 + what);
    } else {
      state.hash = mix(state.hash, what);
    }
  }
  if (__builtin_expect(listener_ != nullptr, 0)) tell_listener(event);
}

__attribute__((noinline)) void Scheduler::tell_listener(const Event& event) {
  listener_->on_step(event, alternatives_, now_ns_);
  alternatives_ = 1;  // a step that nobody was asked for may follow
}

void Scheduler::follow(std::uint64_t address, std::uint64_t what) {
  ThreadState& state = *running_;
  LastStep& last = last_steps_[(address * 0x9e3779b97f4a7c15U) >> (64U - kLastStepBits)];
  const std::uint64_t before = last.execution == execution_ ? last.hash : 0;
  state.hash = mix(state.hash, before * 0xc4ceb9fe1a85ec53U + what);
  last = {state.hash, execution_};
}

bool Scheduler::missed_its_wakeup(ThreadId thread) const {
  const ThreadState& state = states_[thread];
  if (state.status != ThreadStatus::waiting || state.pending.operation == Operation::futex_wait) {
    return false;
  }
  const std::uint64_t missed = objects_[state.pending.object].missed_notify_step;
  return missed != 0 && missed <= state.wait_step && missed > state.woken_step;
}

ThreadId Scheduler::blocker_of(ThreadId thread) const {
  const ThreadState& state = states_[thread];
  if (state.status != ThreadStatus::ready || enabled_.contains(thread)) return kNoThread;
  if (state.pending.operation == Operation::join) return state.pending.other;
  const SyncObject& gate = objects_[gate_of(state.pending)];
  // Of several readers any stands in the way; the thread itself only if it is the last.
  for (const ThreadId reader : gate.readers) {
    if (reader != thread) return reader;
  }
  return gate.readers.empty() ? gate.owner : thread;
}

std::uint64_t Scheduler::fingerprint() const {
  std::uint64_t result = 0;
  for (unsigned i = 0; i < thread_count_; ++i) {
    std::uint64_t mixed = states_[i].hash + i;
    result ^= split_mix(mixed);
  }
  return result;
}

void Scheduler::step(const Event& event) { record(event); }

// -- Threads -------------------------------------------------------------------------------

bool Scheduler::reclaimable(ThreadId thread) const {
  const ThreadState& state = states_[thread];
  return state.status == ThreadStatus::finished && (state.joined || state.detached);
}

ThreadId Scheduler::create(Event& event) {
  ThreadId child = kNoThread;
  if (guide_ != nullptr) {
    child = guide_->number_of_child(current_);
    if (child >= kThreadCountMax) return kNoThread;
    if (child >= thread_count_) thread_count_ = child + 1U;
  } else if (thread_count_ < kThreadCountMax) {
    child = static_cast<ThreadId>(thread_count_++);
  } else {
    // All ids were used once: a thread that is gone, and whose end the creator has seen,
    // lends its id.
    for (unsigned i = 1; i < thread_count_ && child == kNoThread; ++i) {
      const auto old = static_cast<ThreadId>(i);
      if (reclaimable(old) && detector_.may_reuse(old, current_)) child = old;
    }
    if (child == kNoThread) return kNoThread;
    const std::uint64_t past = states_[child].hash;  // part of the fingerprint
    states_[child].reset();
    states_[child].hash = past;
  }
  ++created_count_;
  ++alive_count_;
  detector_.thread_begin(child, current_);
  states_[child].creator = current_;
  event.other = child;
  record(event);
  ThreadState& begun = states_[child];
  begun.pending = Event{};
  begun.pending.operation = Operation::start;
  begun.pending.thread = child;
  settle_readiness(child, begun);
  return child;
}

void Scheduler::join(const Event& event) {
  detector_.thread_join(current_, event.other);
  states_[event.other].joined = true;
  record(event);
}

void Scheduler::outlive(const Event& event) {
  detector_.thread_join(current_, event.other);
  record(event);
}

void Scheduler::outlive_all() {
  for (unsigned i = 0; i < thread_count_; ++i) {
    const auto thread = static_cast<ThreadId>(i);
    if (states_[i].status == ThreadStatus::finished) detector_.thread_join(current_, thread);
  }
}

void Scheduler::leave_main(const Event& event) {
  record(event);
  running_->has_left = true;
  release_joiners();
}

void Scheduler::detach(ThreadId thread) { states_[thread].detached = true; }

ThreadId Scheduler::give_up_current() {
  running_->status = ThreadStatus::stuck;
  enabled_.erase(current_);
  stuck_ = true;
  return pick();
}

void Scheduler::unblock(ThreadId thread) {
  ThreadState& state = states_[thread];
  switch (state.status) {
    case ThreadStatus::waiting: wake_thread(thread, current_, false); return;
    case ThreadStatus::sleeping:
      --deadline_count_;
      state.status = ThreadStatus::ready;
      enabled_.insert(thread);
      return;
    case ThreadStatus::ready:
      if (enabled_.contains(thread)) return;
      if (expires(state.pending)) --deadline_count_;
      state.interrupted = true;
      enabled_.insert(thread);
      return;
    default: return;
  }
}

void Scheduler::give_up(const Event& event) {
  ThreadState& state = *running_;
  if (gated(state.pending.operation)) {
    if (const ObjectId gate = gate_of(state.pending); gate != kNoObject) {
      --objects_[gate].pending_count;
    }
  }
  state.pending.operation = Operation::yield;  // not pending any more
  state.interrupted = false;
  record(event);
}

/// Of the current thread.
void Scheduler::release_joiners() {
  for (unsigned i = 0; running_->awaited && i < thread_count_; ++i) {
    const ThreadState& other = states_[i];
    if (other.status == ThreadStatus::ready && other.pending.operation == Operation::join &&
        other.pending.other == current_) {
      const auto joiner = static_cast<ThreadId>(i);
      if (expires(other.pending) && !enabled_.contains(joiner)) --deadline_count_;
      enabled_.insert(joiner);
    }
  }
}

ThreadId Scheduler::finish(const Event& event) {
  record(event);
  running_->status = ThreadStatus::finished;
  --alive_count_;
  enabled_.erase(current_);
  release_joiners();
  return pick();
}

// -- Once, values --------------------------------------------------------------------------

bool Scheduler::once_enter(const Event& event) {
  SyncObject& once = objects_[event.object];
  --once.pending_count;
  running_->pending.operation = Operation::yield;
  record(event);
  detector_.acquire(current_, once.clock);
  if (once.done) return false;
  once.owner = current_;
  gate_changed(event.object);
  return true;
}

void Scheduler::once_leave(const Event& event, bool done) {
  SyncObject& once = objects_[event.object];
  once.done = done;
  once.owner = kNoThread;
  // An initialiser that failed comes before the next one too ([thread.once.callonce]).
  detector_.release_store(current_, once.clock);
  record(event);
  gate_changed(event.object);
}

bool Scheduler::fails_weakly(const Event& choice) {
  if (choose_value(choice, 2) == 0) return false;
  ++running_->chances_taken;
  return true;
}

std::uint32_t Scheduler::choose_value(Event event, std::uint32_t count) {
  std::uint32_t value = 0;
  if (count > 1) {
    ChoicePoint point;
    point.kind = ChoiceKind::value;
    point.count = count;
    value = ask(point);
  }
  event.after = value;
  running_->hash = mix(running_->hash, value);
  alternatives_ = count;
  record(event);
  return value;
}

std::uint32_t Scheduler::choose_store(std::span<const std::uint32_t> stores) {
  ChoicePoint point;
  point.kind = ChoiceKind::store;
  point.count = static_cast<std::uint32_t>(stores.size());
  point.stores = stores;
  const std::uint64_t size = schedule_->size();
  const std::uint32_t answer = ask(point);
  if (answer == 0) {
    refused_count_ += schedule_->size() - size;
  } else {
    running_->hash = mix(running_->hash, answer);
  }
  return answer;
}

}  // namespace trama
