// semaphore: at most so many at a time.
#pragma once

#include <cstddef>
#include <trama/aio/detail/loop.hpp>
#include <trama/aio/task.hpp>
#include <utility>

namespace trama::aio {

/// First come, first served. Python: `asyncio.Semaphore`.
class semaphore {
 public:
  explicit semaphore(std::size_t value = 1) noexcept : value_(value) {}
  semaphore(const semaphore&) = delete;
  semaphore& operator=(const semaphore&) = delete;

  class acquire_awaiter;
  class scoped_awaiter;
  class guard;

  /// Waits until the value is not zero and takes one away. Python: the same.
  [[nodiscard]] acquire_awaiter acquire() noexcept;

  /// The same, and it is given back when the result is destroyed. Python: `async with semaphore:`.
  [[nodiscard]] scoped_awaiter scoped() noexcept;

  /// Adds one, or gives it to the one who has waited longest. Python: the same.
  void release() noexcept;

  /// Whether an acquire would have to wait. Python: the same.
  [[nodiscard]] bool locked() const noexcept { return value_ == 0; }
  [[nodiscard]] std::size_t value() const noexcept { return value_; }

 private:
  std::size_t value_;  // zero while anybody waits
  detail::list<acquire_awaiter> waiting_;
};

class semaphore::acquire_awaiter : public detail::waiter {
 public:
  explicit acquire_awaiter(semaphore& wanted) noexcept : semaphore_(&wanted) {}

  bool await_ready() noexcept {
    if (semaphore_->value_ == 0) return false;
    --semaphore_->value_;
    return true;
  }
  template <detail::task_coroutine Promise>
  [[gnu::noinline]] bool await_suspend(std::coroutine_handle<Promise> at) noexcept {
    if (!begin_wait(at, __builtin_return_address(0), "semaphore")) return false;
    semaphore_->waiting_.push_back(*this);
    return true;
  }
  void await_resume() {
    if (!take_cancel()) return;
    if (given_) semaphore_->release();
    throw cancelled();
  }

 protected:
  semaphore* semaphore_;

 private:
  friend semaphore;
  bool given_ = false;
};

/// Holds one of the semaphore; gives it back at its end.
class [[nodiscard]] semaphore::guard {
 public:
  guard(guard&& other) noexcept : semaphore_(std::exchange(other.semaphore_, nullptr)) {}
  guard& operator=(guard&& other) noexcept {
    std::swap(semaphore_, other.semaphore_);
    return *this;
  }
  ~guard() {
    if (semaphore_ != nullptr) semaphore_->release();
  }

 private:
  friend scoped_awaiter;
  explicit guard(semaphore& held) noexcept : semaphore_(&held) {}
  semaphore* semaphore_;
};

class semaphore::scoped_awaiter final : public acquire_awaiter {
 public:
  using acquire_awaiter::acquire_awaiter;
  guard await_resume() {
    acquire_awaiter::await_resume();
    return guard(*semaphore_);
  }
};

inline semaphore::acquire_awaiter semaphore::acquire() noexcept { return acquire_awaiter(*this); }
inline semaphore::scoped_awaiter semaphore::scoped() noexcept { return scoped_awaiter(*this); }

inline void semaphore::release() noexcept {
  if (waiting_.empty()) {
    ++value_;
    return;
  }
  acquire_awaiter& next = waiting_.pop_front();
  next.given_ = true;
  next.wake();
}

}  // namespace trama::aio
