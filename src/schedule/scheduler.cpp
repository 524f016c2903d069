#include "schedule/scheduler.hpp"

#include "base/check.hpp"
#include "base/prng.hpp"

namespace trama {
namespace {

/// Steps that need an object to be free: the mutex of a lock, the gate of a once.
constexpr bool gated(Operation operation) {
  constexpr auto bit = [](Operation one) { return std::uint64_t{1} << static_cast<unsigned>(one); };
  constexpr std::uint64_t kGated = bit(Operation::lock) | bit(Operation::timed_lock) |
                                   bit(Operation::wake) | bit(Operation::once_enter) |
                                   bit(Operation::read_lock) | bit(Operation::acquire);
  return (kGated >> static_cast<unsigned>(operation) & 1U) != 0;
}

ObjectId gate_of(const Event& event) {
  return event.operation == Operation::wake ? event.mutex : event.object;
}

/// A lock that gives up at a deadline.
bool expires(const Event& event) {
  return (event.operation == Operation::timed_lock || event.operation == Operation::read_lock ||
          event.operation == Operation::acquire) &&
         event.deadline_ns != 0;
}

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
  for (unsigned i = 0; i < thread_count_; ++i) states_[i] = ThreadState{};
  end_reason_ = EndReason::none;
  ++execution_;
  step_count_ = 0;
  step_count_max_ = step_count_max;
  stop_requested_ = false;
  now_ns_ = 0;
  wait_order_ = 0;
  alternatives_ = 1;
  deadline_count_ = 0;
  thread_count_ = 1;
  created_count_ = 1;
  current_ = kMainThread;
  states_[kMainThread].status = ThreadStatus::ready;
  enabled_.insert(kMainThread);
  detector_.begin_execution();
  detector_.set_current(kMainThread);
}

void Scheduler::end(EndReason reason) {
  if (end_reason_ != EndReason::none) return;
  end_reason_ = reason;
  strategy_->end({step_count_, schedule_->size(), created_count_});
}

bool Scheduler::enabled(ThreadId thread, const Event& pending) const {
  if (pending.operation == Operation::join) {
    return states_[pending.other].status == ThreadStatus::finished;
  }
  if (!gated(pending.operation)) return true;
  const ObjectId gate = gate_of(pending);
  if (gate == kNoObject) return true;
  const SyncObject& object = objects_[gate];
  if (pending.operation == Operation::acquire) {
    if (object.depth != 0) return true;
  } else if (pending.operation == Operation::read_lock ? object.owner == kNoThread
                                                       : available(object, thread)) {
    return true;
  }
  // Its time is over: it is enabled, as an attempt that may fail.
  return expires(pending) && pending.deadline_ns <= now_ns_;
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

void Scheduler::settle_readiness(ThreadId thread, ThreadState& state) {
  state.status = ThreadStatus::ready;
  const Event& pending = state.pending;
  const bool may_block = pending.operation == Operation::join || gated(pending.operation);
  if (__builtin_expect(!may_block, 1)) {
    enabled_.insert(thread);
    return;
  }
  if (gated(pending.operation)) {
    if (const ObjectId gate = gate_of(pending); gate != kNoObject) ++objects_[gate].pending_count;
  }
  if (enabled(thread, pending)) {
    enabled_.insert(thread);
  } else {
    enabled_.erase(thread);
    // A timed lock that cannot go on now may still end by its deadline.
    if (expires(pending)) ++deadline_count_;
  }
}

ThreadId Scheduler::announce_prepared() {
  settle_readiness(current_, states_[current_]);
  return pick();
}

ThreadId Scheduler::announce(const Event& event) {
  set_ready(current_, event);
  return pick();
}

ThreadId Scheduler::pick() {
  if (step_count_ >= step_count_max_ || schedule_->size() == schedule_->capacity()) {
    end(stop_requested_ ? EndReason::stopped : EndReason::step_limit);
    return kNoThread;
  }
  while (enabled_.count() == 0) {
    if (!advance_to_earliest_deadline()) {
      end(all_finished() ? EndReason::finished : EndReason::deadlock);
      return kNoThread;
    }
  }
  alternatives_ = enabled_.count();
  if (alternatives_ == 1) {
    const ThreadId only = enabled_.first();
    if (only != current_) {
      current_ = only;
      detector_.set_current(only);
    }
    return only;
  }
  unsigned count = 0;
  enabled_.for_each([&](ThreadId thread) { candidates_[count++] = thread; });
  ChoicePoint point;
  point.kind = ChoiceKind::thread;
  point.count = count;
  point.threads = {candidates_.data(), count};
  const ThreadId next = candidates_[ask(point)];
  if (next != current_) {
    current_ = next;
    detector_.set_current(next);
  }
  return next;
}

std::uint32_t Scheduler::ask(ChoicePoint& point) {
  // A step may take several answers (whom it wakes), so they can run out before the steps
  // do. What is asked beyond is answered as a replay would; the next step ends it.
  if (schedule_->size() == schedule_->capacity()) return 0;
  point.step = step_count_;
  point.current = current_;
  point.states = {states_.data(), thread_count_};
  const Alternative answer = strategy_->choose(point);
  TRAMA_CHECK(answer < point.count);
  schedule_->push(answer);
  return answer;
}

void Scheduler::record(const Event& event) {
  ++step_count_;
  // Fingerprint: each step is hashed with its predecessors in the partial order, that is with
  // the step before it in its thread and the last one on its address. Addresses share 256
  // slots, so two executions that are the same may rarely count as two.
  ThreadState& state = states_[current_];
  ++state.step_count;
  const std::uint64_t what = static_cast<std::uint64_t>(event.operation) +
                             (static_cast<std::uint64_t>(event.other) << 16U);
  if (event.address != 0 || on_terminal(event.operation)) {
    follow(event.address, event.address * 64 + what);
  } else {
    state.hash = mix(state.hash, what);
  }
  if (__builtin_expect(listener_ != nullptr, 0)) {
    listener_->on_step(event, alternatives_, now_ns_);
    alternatives_ = 1;  // a step that nobody was asked for may follow
  }
}

void Scheduler::follow(std::uint64_t address, std::uint64_t what) {
  ThreadState& state = states_[current_];
  LastStep& last = last_steps_[(address * 0x9e3779b97f4a7c15U) >> (64U - kLastStepBits)];
  const std::uint64_t before = last.execution == execution_ ? last.hash : 0;
  state.hash = mix(state.hash, before * 0xc4ceb9fe1a85ec53U + what);
  last = {state.hash, execution_};
}

bool Scheduler::last_alive() const {
  for (unsigned i = 0; i < thread_count_; ++i) {
    if (i != current_ && states_[i].status != ThreadStatus::finished) return false;
  }
  return true;
}

bool Scheduler::all_finished() const {
  return states_[current_].status == ThreadStatus::finished && last_alive();
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

ThreadId Scheduler::create(Event event) {
  ThreadId child = kNoThread;
  if (thread_count_ < kThreadCountMax) {
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
    states_[child] = ThreadState{};
    states_[child].hash = past;
  }
  ++created_count_;
  detector_.thread_begin(child, current_);
  states_[child].creator = current_;
  event.other = child;
  record(event);
  Event start;
  start.operation = Operation::start;
  start.thread = child;
  set_ready(child, start);
  return child;
}

void Scheduler::join(const Event& event) {
  detector_.thread_join(current_, event.other);
  states_[event.other].joined = true;
  record(event);
}

void Scheduler::detach(ThreadId thread) { states_[thread].detached = true; }

ThreadId Scheduler::finish(const Event& event) {
  record(event);
  ThreadState& state = states_[current_];
  state.status = ThreadStatus::finished;
  enabled_.erase(current_);
  for (unsigned i = 0; i < thread_count_; ++i) {
    const ThreadState& other = states_[i];
    if (other.status == ThreadStatus::ready && other.pending.operation == Operation::join &&
        other.pending.other == current_) {
      enabled_.insert(static_cast<ThreadId>(i));
    }
  }
  return pick();
}

// -- Locks ---------------------------------------------------------------------------------

void Scheduler::gate_changed(ObjectId object) {
  if (objects_[object].pending_count == 0) return;
  for (unsigned i = 0; i < thread_count_; ++i) {
    const auto thread = static_cast<ThreadId>(i);
    const ThreadState& state = states_[i];
    if (state.status != ThreadStatus::ready || !gated(state.pending.operation) ||
        gate_of(state.pending) != object) {
      continue;
    }
    const bool timed = expires(state.pending);
    const bool was = enabled_.contains(thread);
    const bool is = enabled(thread, state.pending);
    if (was == is) continue;
    if (is) {
      enabled_.insert(thread);
      if (timed) --deadline_count_;
    } else {
      enabled_.erase(thread);
      if (timed) ++deadline_count_;
    }
  }
}

void Scheduler::take_mutex(ObjectId id) {
  SyncObject& mutex = objects_[id];
  if (mutex.owner == current_) {
    ++mutex.depth;
    return;
  }
  TRAMA_CHECK(mutex.owner == kNoThread);
  mutex.owner = current_;
  mutex.depth = 1;
  detector_.acquire(current_, mutex.clock);
  detector_.acquire(current_, mutex.read_clock);
  gate_changed(id);
}

void Scheduler::release_mutex(SyncObject& mutex, ObjectId id) {
  if (--mutex.depth != 0) return;
  mutex.owner = kNoThread;
  detector_.release_store(current_, mutex.clock);
  gate_changed(id);
}

void Scheduler::lock(const Event& event) {
  --objects_[event.object].pending_count;
  // Not pending any more: gate_changed must not look at this thread.
  states_[current_].pending.operation = Operation::unlock;
  record(event);
  take_mutex(event.object);
}

bool Scheduler::timed_lock(Event event) {
  if (available(objects_[event.object], current_)) {
    lock(event);
    return true;
  }
  --objects_[event.object].pending_count;
  states_[current_].pending.operation = Operation::yield;  // not pending any more
  event.outcome = Outcome::timed_out;
  record(event);
  return false;
}

bool Scheduler::try_lock(Event event) {
  const bool free = available(objects_[event.object], current_);
  event.outcome = free ? Outcome::ok : Outcome::failed;
  record(event);
  if (free) take_mutex(event.object);
  return free;
}

void Scheduler::take_for_reading(ObjectId id) {
  SyncObject& lock = objects_[id];
  TRAMA_CHECK(lock.owner == kNoThread);
  lock.readers.push_back(current_);
  detector_.acquire(current_, lock.clock);
  gate_changed(id);
}

bool Scheduler::read_lock(Event event) {
  SyncObject& lock = objects_[event.object];
  --lock.pending_count;
  states_[current_].pending.operation = Operation::yield;  // not pending any more
  const bool free = lock.owner == kNoThread;
  if (!free) event.outcome = Outcome::timed_out;
  record(event);
  if (free) take_for_reading(event.object);
  return free;
}

bool Scheduler::try_read_lock(Event event) {
  const bool free = objects_[event.object].owner == kNoThread;
  event.outcome = free ? Outcome::ok : Outcome::failed;
  record(event);
  if (free) take_for_reading(event.object);
  return free;
}

bool Scheduler::acquire(Event event) {
  SyncObject& semaphore = objects_[event.object];
  if (event.operation == Operation::acquire) {
    --semaphore.pending_count;
    states_[current_].pending.operation = Operation::yield;  // not pending any more
  }
  const bool got = semaphore.depth != 0;
  if (!got) {
    event.outcome = event.operation == Operation::acquire ? Outcome::timed_out : Outcome::failed;
  }
  record(event);
  if (!got) return false;
  --semaphore.depth;
  detector_.acquire(current_, semaphore.clock);
  if (semaphore.depth == 0) gate_changed(event.object);
  return true;
}

void Scheduler::release(const Event& event) {
  SyncObject& semaphore = objects_[event.object];
  record(event);
  ++semaphore.depth;
  detector_.release(current_, semaphore.clock);
  if (semaphore.depth == 1) gate_changed(event.object);
}

LockError Scheduler::unlock(const Event& event) {
  SyncObject& mutex = objects_[event.object];
  record(event);
  if (!mutex.readers.empty()) {
    for (std::size_t i = 0; i < mutex.readers.size(); ++i) {
      if (mutex.readers[i] != current_) continue;
      mutex.readers.erase(mutex.readers.begin() + static_cast<std::ptrdiff_t>(i));
      detector_.release(current_, mutex.read_clock);
      gate_changed(event.object);
      return LockError::none;
    }
    return LockError::not_owner;
  }
  if (mutex.owner == kNoThread) return LockError::not_locked;
  if (mutex.owner != current_) return LockError::not_owner;
  release_mutex(mutex, event.object);
  return LockError::none;
}

// -- Waiting and waking --------------------------------------------------------------------

ThreadId Scheduler::wait(const Event& event, std::uint32_t bits) {
  record(event);
  ThreadState& state = states_[current_];
  // In the queue before the mutex is free: a notify in between must find this thread.
  state.status = ThreadStatus::waiting;
  state.wait_step = step_count_;
  state.pending = event;
  state.woken = false;
  state.woken_by = kNoThread;
  state.wait_bits = bits;
  state.wait_order = ++wait_order_;
  enabled_.erase(current_);
  ++objects_[event.object].waiter_count;
  if (event.deadline_ns != 0) ++deadline_count_;
  if (event.mutex != kNoObject) {
    follow(objects_[event.mutex].address, 0);
    release_mutex(objects_[event.mutex], event.mutex);
  }
  if (event.deadline_ns != 0 && event.deadline_ns <= now_ns_) {
    wake_thread(current_, kNoThread, true);
  }
  return pick();
}

void Scheduler::wake_thread(ThreadId thread, ThreadId by, bool timed_out) {
  ThreadState& state = states_[thread];
  const Event waited = state.pending;
  --objects_[waited.object].waiter_count;
  if (waited.deadline_ns != 0) --deadline_count_;
  state.woken = !timed_out;
  if (!timed_out) state.woken_step = step_count_ + 1;
  state.woken_by = by;
  Event next = waited;
  next.operation =
      waited.operation == Operation::futex_wait ? Operation::futex_woken : Operation::wake;
  next.other = by;
  next.outcome = timed_out ? Outcome::timed_out : Outcome::ok;
  next.deadline_ns = 0;
  set_ready(thread, next);
}

bool Scheduler::woken() {
  ThreadState& state = states_[current_];
  const Event event = state.pending;
  if (event.mutex != kNoObject) --objects_[event.mutex].pending_count;
  state.pending.operation = Operation::yield;  // not pending on the mutex any more
  record(event);
  if (event.mutex != kNoObject) {
    follow(objects_[event.mutex].address, 0);
    take_mutex(event.mutex);
  }
  return state.woken;
}

std::uint32_t Scheduler::find_waiters(ObjectId object, std::uint32_t bits) {
  std::uint32_t found = 0;
  for (unsigned i = 0; i < thread_count_; ++i) {
    const ThreadState& state = states_[i];
    if (state.status != ThreadStatus::waiting || state.pending.object != object ||
        (state.wait_bits & bits) == 0) {
      continue;
    }
    // Kept in the order in which the waits began.
    unsigned at = found++;
    for (; at > 0 && states_[candidates_[at - 1]].wait_order > state.wait_order; --at) {
      candidates_[at] = candidates_[at - 1];
    }
    candidates_[at] = static_cast<ThreadId>(i);
  }
  return found;
}

std::uint32_t Scheduler::wake(Event event, std::uint32_t count, std::uint32_t bits) {
  std::uint32_t woken_count = 0;
  if (objects_[event.object].waiter_count == 0) {
    objects_[event.object].missed_notify_step = step_count_ + 1;
    count = 0;
  }
  while (woken_count < count) {
    const std::uint32_t found = find_waiters(event.object, bits);
    if (found == 0) break;
    if (count - woken_count >= found) {  // all of them
      if (woken_count == 0) event.other = candidates_[0];
      for (std::uint32_t i = 0; i < found; ++i) wake_thread(candidates_[i], current_, false);
      woken_count += found;
      break;
    }
    ChoicePoint point;
    point.kind = ChoiceKind::wake;
    point.count = found;
    point.threads = {candidates_.data(), found};
    const ThreadId thread = candidates_[ask(point)];
    // The trace names the first that was woken, so that a replay wakes the same.
    if (woken_count++ == 0) event.other = thread;
    wake_thread(thread, current_, false);
  }
  event.after = woken_count;
  record(event);
  return woken_count;
}

// -- Time ----------------------------------------------------------------------------------

ThreadId Scheduler::sleep(const Event& event) {
  ThreadState& state = states_[current_];
  state.pending = event;
  if (event.deadline_ns > now_ns_) {
    state.status = ThreadStatus::sleeping;
    enabled_.erase(current_);
    ++deadline_count_;
  }
  return pick();
}

bool Scheduler::has_deadline(ThreadId thread) const {
  const ThreadState& state = states_[thread];
  switch (state.status) {
    case ThreadStatus::sleeping: return true;
    case ThreadStatus::waiting: return state.pending.deadline_ns != 0;
    case ThreadStatus::ready: return expires(state.pending) && !enabled_.contains(thread);
    default: return false;
  }
}

bool Scheduler::advance_to_earliest_deadline() {
  if (deadline_count_ == 0) return false;
  std::uint64_t earliest = ~std::uint64_t{0};
  bool any = false;
  for (unsigned i = 0; i < thread_count_; ++i) {
    if (!has_deadline(static_cast<ThreadId>(i))) continue;
    any = true;
    const std::uint64_t deadline_ns = states_[i].pending.deadline_ns;
    if (deadline_ns < earliest) earliest = deadline_ns;
  }
  TRAMA_CHECK(any);
  if (earliest > now_ns_) now_ns_ = earliest;
  expire_deadlines();
  return true;
}

void Scheduler::advance_time(std::uint64_t by_ns) {
  now_ns_ += by_ns;
  if (deadline_count_ != 0) expire_deadlines();
}

void Scheduler::expire_deadlines() {
  for (unsigned i = 0; i < thread_count_; ++i) {
    const auto thread = static_cast<ThreadId>(i);
    ThreadState& state = states_[i];
    if (!has_deadline(thread) || state.pending.deadline_ns > now_ns_) continue;
    if (state.status == ThreadStatus::waiting) {
      wake_thread(thread, kNoThread, true);
      continue;
    }
    // A sleep is over; a lock is enabled again, as an attempt that may fail.
    --deadline_count_;
    state.status = ThreadStatus::ready;
    enabled_.insert(thread);
  }
}

// -- Once, values --------------------------------------------------------------------------

bool Scheduler::once_enter(const Event& event) {
  SyncObject& once = objects_[event.object];
  --once.pending_count;
  states_[current_].pending.operation = Operation::yield;
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

std::uint32_t Scheduler::choose_value(Event event, std::uint32_t count) {
  std::uint32_t value = 0;
  if (count > 1) {
    ChoicePoint point;
    point.kind = ChoiceKind::value;
    point.count = count;
    value = ask(point);
  }
  event.after = value;
  states_[current_].hash = mix(states_[current_].hash, value);
  alternatives_ = count;
  record(event);
  return value;
}

}  // namespace trama
