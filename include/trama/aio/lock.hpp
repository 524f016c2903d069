// lock: mutual exclusion between tasks. Needed only where a task awaits between two steps that
// belong together: between two awaits no other task runs.
#pragma once

#include <stdexcept>
#include <trama/aio/detail/loop.hpp>
#include <trama/aio/task.hpp>
#include <trama/detail/task_hooks.hpp>
#include <utility>

namespace trama::aio {

/// First come, first served. It has no owner: any task may release it.
/// Python: `asyncio.Lock`.
class lock {
 public:
  lock() = default;
  lock(const lock&) = delete;
  lock& operator=(const lock&) = delete;

  class acquire_awaiter;
  class scoped_awaiter;
  class guard;

  /// Waits until the lock is free and takes it. Python: the same.
  [[nodiscard]] acquire_awaiter acquire() noexcept;

  /// The same, and it is released when the result is destroyed:
  /// `auto guard = co_await lock.scoped();` Python: `async with lock:`.
  [[nodiscard]] scoped_awaiter scoped() noexcept;

  /// Gives it to the one who has waited longest. std::logic_error if it is free. Python: the same.
  void release() {
    if (!locked_) throw std::logic_error("trama::aio: release() of a lock that is free");
    pass_on();
  }

  [[nodiscard]] bool locked() const noexcept { return locked_; }

 private:
  void pass_on() noexcept;

  bool locked_ = false;  // stays true when it goes from hand to hand
  detail::list<acquire_awaiter> waiting_;
};

class lock::acquire_awaiter : public detail::waiter {
 public:
  explicit acquire_awaiter(lock& wanted) noexcept : lock_(&wanted) {}

  bool await_ready() noexcept {
    if (lock_->locked_) return false;
    lock_->locked_ = true;
    if (trama::detail::hooks::holds != nullptr)
      trama::detail::hooks::holds(detail::loop::current().current_task(), lock_);
    return true;
  }
  template <detail::task_coroutine Promise>
  [[gnu::noinline]] bool await_suspend(std::coroutine_handle<Promise> at) noexcept {
    if (!begin_wait(at, __builtin_return_address(0), "lock")) return false;
    lock_->waiting_.push_back(*this);
    if (trama::detail::hooks::wants != nullptr) trama::detail::hooks::wants(task(), lock_);
    return true;
  }
  void await_resume() {
    if (!take_cancel()) return;
    if (given_) lock_->pass_on();  // the cancellation came after the lock did
    throw cancelled();
  }

 protected:
  lock* lock_;

 private:
  friend lock;
  bool given_ = false;
};

/// Holds the lock; releases it at its end.
class [[nodiscard]] lock::guard {
 public:
  guard(guard&& other) noexcept : lock_(std::exchange(other.lock_, nullptr)) {}
  guard& operator=(guard&& other) noexcept {
    std::swap(lock_, other.lock_);
    return *this;
  }
  ~guard() {
    if (lock_ != nullptr) lock_->pass_on();
  }

 private:
  friend scoped_awaiter;
  explicit guard(lock& held) noexcept : lock_(&held) {}
  lock* lock_;
};

class lock::scoped_awaiter final : public acquire_awaiter {
 public:
  using acquire_awaiter::acquire_awaiter;
  guard await_resume() {
    acquire_awaiter::await_resume();
    return guard(*lock_);
  }
};

inline lock::acquire_awaiter lock::acquire() noexcept { return acquire_awaiter(*this); }
inline lock::scoped_awaiter lock::scoped() noexcept { return scoped_awaiter(*this); }

inline void lock::pass_on() noexcept {
  if (waiting_.empty()) {
    locked_ = false;
    if (trama::detail::hooks::holds != nullptr) trama::detail::hooks::holds(nullptr, this);
    return;
  }
  acquire_awaiter& next = waiting_.pop_front();
  if (trama::detail::hooks::holds != nullptr) trama::detail::hooks::holds(next.task(), this);
  next.given_ = true;
  next.wake();
}

}  // namespace trama::aio
