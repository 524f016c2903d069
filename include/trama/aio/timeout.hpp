// timeout: at most that long.
//
//   try {
//     page = co_await aio::timeout(2s, fetch(url));
//   } catch (const aio::timeout_error&) { … }
#pragma once

#include <chrono>
#include <trama/aio/create_task.hpp>
#include <utility>

namespace trama::aio {

namespace detail {

/// Cancels the task that has made it when the time is up.
class expiry final : private timer {
 public:
  explicit expiry(clock::time_point deadline)
      : task_(loop::current().current_task()), before_(task_->cancelling()) {
    task_->in().start_timer(*this, deadline);
  }
  expiry(const expiry&) = delete;
  ~expiry() override {
    task_->in().stop_timer(*this);
    if (is_over_) task_->withdraw_cancel(before_);
  }

  /// Whether `cancelled` was for the time, and for nothing else. To be asked once.
  [[nodiscard]] bool was_the_reason() noexcept {
    return std::exchange(is_over_, false) && task_->withdraw_cancel(before_) <= before_;
  }

 private:
  void fire() noexcept override {
    is_over_ = true;
    task_->cancel();
  }

  task_base* task_;
  unsigned before_;
  bool is_over_ = false;
};

template <class T>
task<T> timeout(clock::time_point deadline, task<T> limited) {
  expiry limit(deadline);
  try {
    co_return co_await std::move(limited);
  } catch (const cancelled&) {
    if (limit.was_the_reason()) throw timeout_error();
    throw;
  }
}

}  // namespace detail

/// Awaits `limited`, in the same task; when the time is up it is cancelled, and `timeout_error` is
/// thrown once it has ended. A result that is there in spite of that is given.
/// Python: `asyncio.wait_for`, `async with asyncio.timeout(…)`.
template <class Rep, class Period, detail::task_like A>
task<detail::task_value_t<A>> timeout(const std::chrono::duration<Rep, Period>& duration,
                                      A limited) {
  return detail::timeout(detail::deadline_after(duration), detail::to_task(std::move(limited)))
      .labelled("");
}

/// The same, until a moment of std::chrono::steady_clock. Python: `asyncio.timeout_at`.
template <detail::task_like A>
task<detail::task_value_t<A>> timeout_at(clock::time_point moment, A limited) {
  return detail::timeout(moment, detail::to_task(std::move(limited))).labelled("");
}

}  // namespace trama::aio
