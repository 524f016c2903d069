// sleep: lets the others run for a while.
#pragma once

#include <chrono>
#include <trama/aio/create_task.hpp>

namespace trama::aio {

namespace detail {

class sleep_awaiter final : public waiter, private timer {
 public:
  sleep_awaiter(clock::time_point deadline, bool only_yield) noexcept
      : deadline_(deadline), only_yield_(only_yield) {}
  sleep_awaiter(const sleep_awaiter&) noexcept = default;

  bool await_ready() const noexcept { return false; }
  template <task_coroutine Promise>
  [[gnu::noinline]] bool await_suspend(std::coroutine_handle<Promise> at) {
    if (!begin_wait(at, __builtin_return_address(0), "sleep")) return false;
    if (only_yield_) {
      wake();
    } else {
      task()->in().start_timer(*this, deadline_);
    }
    return true;
  }
  void await_resume() { throw_if_cancelled(); }

 private:
  void fire() noexcept override { wake(); }
  void cancel() noexcept override {
    task()->in().stop_timer(*this);
    waiter::cancel();
  }

  clock::time_point deadline_;
  bool only_yield_;
};

}  // namespace detail

/// Waits at least that long; zero or less lets every task that is ready run once.
/// Python: `asyncio.sleep(seconds)`.
template <class Rep, class Period>
[[nodiscard]] detail::sleep_awaiter sleep(const std::chrono::duration<Rep, Period>& duration) {
  return {detail::deadline_after(duration),
          !(duration > std::chrono::duration<Rep, Period>::zero())};
}

/// Waits until that moment of std::chrono::steady_clock.
[[nodiscard]] inline detail::sleep_awaiter sleep_until(clock::time_point moment) {
  return {moment, false};
}

}  // namespace trama::aio
