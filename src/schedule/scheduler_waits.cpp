// The scheduler's waits: conditions and futexes, who is woken, and virtual time with its
// sleeps and deadlines. See scheduler.hpp.
#include "base/check.hpp"
#include "schedule/readiness.hpp"
#include "schedule/scheduler.hpp"

namespace trama {

ThreadId Scheduler::wait(Event event, std::uint32_t bits) {
  // A wait that will end by itself is over at once: whenever the thread is next chosen may be
  // the moment, and a notify before it finds nobody.
  const bool spurious = event.mutex != kNoObject && chance(Chance::spurious_wake);
  event.after = spurious ? 1 : 0;
  record(event);
  ThreadState& state = *running_;
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
  if (__builtin_expect(guide_ != nullptr, 0)) note_deadline(state);
  const bool expires_at_once = guide_ != nullptr && state.may_come_early && ask_guide(2) == 1;
  if (spurious) {
    wake_thread(current_, kNoThread, false);
  } else if (expires_at_once) {
    if (event.deadline_ns > now_ns_) now_ns_ = event.deadline_ns;
    wake_thread(current_, kNoThread, true);
  } else if (event.deadline_ns != 0 && event.deadline_ns <= now_ns_) {
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
  if (__builtin_expect(guide_ != nullptr, 0)) guide_->note_wake(by, thread);
  Event next = waited;
  next.operation =
      waited.operation == Operation::futex_wait ? Operation::futex_woken : Operation::wake;
  next.other = by;
  next.outcome = timed_out ? Outcome::timed_out : Outcome::ok;
  next.deadline_ns = 0;
  set_ready(thread, next);
}

bool Scheduler::woken() {
  ThreadState& state = *running_;
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

void Scheduler::rouse(ThreadId thread, ThreadId by) {
  if (states_[thread].status == ThreadStatus::waiting) wake_thread(thread, by, false);
}

Event Scheduler::interrupt(ThreadId thread, const Event& event) {
  ThreadState& state = states_[thread];
  rouse(thread, event.other);
  if (has_deadline(thread)) --deadline_count_;
  const Event was = state.pending;
  if (state.status == ThreadStatus::ready && gated(was.operation)) {
    if (const ObjectId gate = gate_of(was); gate != kNoObject) --objects_[gate].pending_count;
  }
  set_ready(thread, event);
  return was;
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

ThreadId Scheduler::sleep(const Event& event) {
  ThreadState& state = *running_;
  state.pending = event;
  state.spin.pass();
  if (guide_ != nullptr) {
    // Nothing is ordered by how long it sleeps.
    if (event.deadline_ns > now_ns_) now_ns_ = event.deadline_ns;
    state.status = ThreadStatus::ready;
  } else if (event.deadline_ns > now_ns_) {
    state.status = ThreadStatus::sleeping;
    enabled_.erase(current_);
    ++deadline_count_;
  }
  return pick();
}

void Scheduler::expire(ThreadId thread) {
  ThreadState& state = states_[thread];
  if (!has_deadline(thread)) return;
  if (state.pending.deadline_ns > now_ns_) now_ns_ = state.pending.deadline_ns;
  if (state.status == ThreadStatus::waiting) return wake_thread(thread, kNoThread, true);
  --deadline_count_;
  state.status = ThreadStatus::ready;
  enabled_.insert(thread);
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

std::uint64_t Scheduler::earliest_deadline() const {
  std::uint64_t earliest = ~std::uint64_t{0};
  for (unsigned i = 0; i < thread_count_ && deadline_count_ != 0; ++i) {
    if (!has_deadline(static_cast<ThreadId>(i))) continue;
    const std::uint64_t deadline_ns = states_[i].pending.deadline_ns;
    if (deadline_ns < earliest) earliest = deadline_ns;
  }
  return earliest;
}

bool Scheduler::ask_outside() {
  const std::uint64_t earliest = earliest_deadline();
  const bool none = deadline_count_ == 0;
  return idle_listener_->on_idle(none ? earliest : earliest > now_ns_ ? earliest - now_ns_ : 0);
}

bool Scheduler::advance_to_earliest_deadline() {
  if (deadline_count_ == 0) return false;
  const std::uint64_t earliest = earliest_deadline();
  if (earliest > now_ns_) now_ns_ = earliest;
  time_step_ = step_count_;
  expire_deadlines();
  return true;
}

void Scheduler::advance_time(std::uint64_t by_ns) {
  now_ns_ += by_ns;
  time_step_ = step_count_;
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

}  // namespace trama
