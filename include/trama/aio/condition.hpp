// condition: waits until something that a lock guards has changed.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <trama/aio/lock.hpp>
#include <utility>

namespace trama::aio {

/// Uses a lock of its own, or the one that it is given. Python: `asyncio.Condition`.
class condition {
 public:
  condition() noexcept : lock_(&own_) {}
  explicit condition(lock& guarding) noexcept : lock_(&guarding) {}
  condition(const condition&) = delete;
  condition& operator=(const condition&) = delete;

  // Python: the same, and `async with condition:`.
  [[nodiscard]] auto acquire() noexcept { return lock_->acquire(); }
  [[nodiscard]] auto scoped() noexcept { return lock_->scoped(); }
  void release() { lock_->release(); }
  [[nodiscard]] bool locked() const noexcept { return lock_->locked(); }

  /// Releases the lock, waits to be notified, takes the lock again: also when it is cancelled.
  /// std::logic_error if the lock is free. Python: the same.
  task<void> wait() { return notified().labelled("condition"); }

  /// Waits until `predicate()` is true. Python: the same.
  template <class Predicate>
  task<void> wait_for(Predicate predicate) {
    return holds(std::move(predicate)).labelled("condition");
  }

  /// Wakes up to `n` of those who wait, or all. std::logic_error if the lock is free.
  /// Python: the same.
  void notify(std::size_t n = 1) {
    require_locked("notify");
    for (; n != 0 && !waiting_.empty(); --n) wake_first();
  }
  void notify_all() {
    require_locked("notify_all");
    while (!waiting_.empty()) wake_first();
  }

 private:
  class wait_awaiter final : public detail::waiter {
   public:
    explicit wait_awaiter(condition& awaited) noexcept : condition_(&awaited) {}
    bool await_ready() const noexcept { return false; }
    template <detail::task_coroutine Promise>
    [[gnu::noinline]] bool await_suspend(std::coroutine_handle<Promise> at) noexcept {
      if (!begin_wait(at, __builtin_return_address(0), "condition")) return false;
      condition_->waiting_.push_back(*this);
      return true;
    }
    /// Whether it was cancelled.
    bool await_resume() noexcept {
      if (!take_cancel()) return false;
      // A notification that came first goes to somebody else.
      if (notified_ && !condition_->waiting_.empty()) condition_->wake_first();
      return true;
    }

   private:
    friend condition;
    condition* condition_;
    bool notified_ = false;
  };

  task<void> notified() {
    require_locked("wait");
    lock_->release();
    bool is_cancelled = co_await wait_awaiter(*this);
    for (bool is_held = false; !is_held;) {
      try {
        co_await lock_->acquire();
        is_held = true;
      } catch (const cancelled&) {
        is_cancelled = true;
      }
    }
    if (is_cancelled) throw cancelled();
  }

  template <class Predicate>
  task<void> holds(Predicate predicate) {
    while (!predicate()) co_await notified();
  }

  void wake_first() noexcept {
    wait_awaiter& first = waiting_.pop_front();
    first.notified_ = true;
    first.wake();
  }

  void require_locked(const char* what) const {
    if (!lock_->locked()) {
      throw std::logic_error(std::string("trama::aio: condition: ") + what + "() without the lock");
    }
  }

  lock own_;
  lock* lock_;
  detail::list<wait_awaiter> waiting_;
};

}  // namespace trama::aio
