// event: something that has happened, or not yet.
#pragma once

#include <trama/aio/detail/loop.hpp>
#include <trama/aio/task.hpp>

namespace trama::aio {

/// Python: `asyncio.Event`.
class event {
 public:
  event() = default;
  event(const event&) = delete;
  event& operator=(const event&) = delete;

  class wait_awaiter;

  /// Waits until it is set; not at all if it is. Python: the same.
  [[nodiscard]] wait_awaiter wait() noexcept;

  /// All who wait go on, and so does everybody who comes later. Python: the same.
  void set() noexcept;
  void clear() noexcept { set_ = false; }
  [[nodiscard]] bool is_set() const noexcept { return set_; }

 private:
  bool set_ = false;
  detail::list<wait_awaiter> waiting_;
};

class event::wait_awaiter final : public detail::waiter {
 public:
  explicit wait_awaiter(event& awaited) noexcept : event_(&awaited) {}

  bool await_ready() const noexcept { return event_->set_; }
  template <detail::task_coroutine Promise>
  [[gnu::noinline]] bool await_suspend(std::coroutine_handle<Promise> at) noexcept {
    if (!begin_wait(at, __builtin_return_address(0), "event")) return false;
    event_->waiting_.push_back(*this);
    return true;
  }
  void await_resume() { throw_if_cancelled(); }

 private:
  friend event;
  event* event_;
};

inline event::wait_awaiter event::wait() noexcept { return wait_awaiter(*this); }

inline void event::set() noexcept {
  set_ = true;
  while (!waiting_.empty()) waiting_.pop_front().wake();
}

}  // namespace trama::aio
