// The scheduler's locks: mutexes, reader-writer locks, semaphores. See scheduler.hpp.
#include "base/check.hpp"
#include "schedule/readiness.hpp"
#include "schedule/scheduler.hpp"

namespace trama {

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
  running_->pending.operation = Operation::unlock;
  record(event);
  take_mutex(event.object);
}

bool Scheduler::timed_lock(Event event) {
  if (available(objects_[event.object], current_)) {
    lock(event);
    return true;
  }
  --objects_[event.object].pending_count;
  running_->pending.operation = Operation::yield;  // not pending any more
  event.outcome = Outcome::timed_out;
  record(event);
  return false;
}

bool Scheduler::try_lock(Event event) {
  const bool free = available(objects_[event.object], current_) && !chance(Chance::try_lock);
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
  running_->pending.operation = Operation::yield;  // not pending any more
  const bool free = lock.owner == kNoThread;
  if (!free) event.outcome = Outcome::timed_out;
  record(event);
  if (free) take_for_reading(event.object);
  return free;
}

bool Scheduler::try_read_lock(Event event) {
  const bool free = objects_[event.object].owner == kNoThread && !chance(Chance::try_lock);
  event.outcome = free ? Outcome::ok : Outcome::failed;
  record(event);
  if (free) take_for_reading(event.object);
  return free;
}

bool Scheduler::acquire(Event event) {
  SyncObject& semaphore = objects_[event.object];
  if (event.operation == Operation::acquire) {
    --semaphore.pending_count;
    running_->pending.operation = Operation::yield;  // not pending any more
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

void Scheduler::abandon(const Event& event) {
  SyncObject& mutex = objects_[event.object];
  record(event);
  mutex.robustness = Robustness::abandoned;
  mutex.depth = 1;
  release_mutex(mutex, event.object);
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

}  // namespace trama
