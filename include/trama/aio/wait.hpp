// wait: until some or all of several tasks are done.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <trama/aio/create_task.hpp>
#include <utility>
#include <vector>

namespace trama::aio {

/// When `wait` ends. Python: `FIRST_COMPLETED` …
enum class return_when { first_completed, first_exception, all_completed };
inline constexpr return_when first_completed = return_when::first_completed;
inline constexpr return_when first_exception = return_when::first_exception;
inline constexpr return_when all_completed = return_when::all_completed;

/// What `wait` gives: both in the order in which the tasks were given.
template <class T>
struct wait_result {
  std::vector<handle<T>> done;
  std::vector<handle<T>> pending;
};

namespace detail {

template <class T>
class wait_awaiter final : public waiter, private timer {
 public:
  wait_awaiter(std::vector<handle<T>> handles, return_when when,
               std::optional<clock::time_point> deadline)
      : handles_(std::move(handles)), when_(when), deadline_(deadline) {}
  wait_awaiter(wait_awaiter&& other) noexcept
      : waiter(),
        timer(),
        handles_(std::move(other.handles_)),
        when_(other.when_),
        deadline_(other.deadline_) {}

  bool await_ready() noexcept {
    for (const handle<T>& each : handles_) {
      if (!each.done()) {
        ++left_;
      } else if (ends_it(*each.state())) {
        return true;
      }
    }
    return left_ == 0;
  }

  template <task_coroutine Promise>
  [[gnu::noinline]] bool await_suspend(std::coroutine_handle<Promise> at) {
    observers_.reserve(left_);
    if (!begin_wait(at, __builtin_return_address(0), "wait")) return false;
    for (const handle<T>& each : handles_) {
      if (each.done()) continue;
      observers_.emplace_back(*this, *each.state());
      each.state()->observe(observers_.back());
    }
    if (deadline_) task()->in().start_timer(*this, *deadline_);
    return true;
  }

  wait_result<T> await_resume() {
    throw_if_cancelled();
    wait_result<T> result;
    for (handle<T>& each : handles_) {
      (each.done() ? result.done : result.pending).push_back(std::move(each));
    }
    return result;
  }

 private:
  struct observer final : done_observer {
    observer(wait_awaiter& owner, task_base& observed) noexcept
        : owner_(&owner), observed_(&observed) {}
    void task_done() noexcept override {
      --owner_->left_;
      if (owner_->left_ == 0 || owner_->ends_it(*observed_)) owner_->stop();
    }
    wait_awaiter* owner_;
    task_base* observed_;
  };

  [[nodiscard]] bool ends_it(task_base& done) const noexcept {
    return when_ == first_completed || (when_ == first_exception && done.has_failed());
  }

  void let_go() noexcept {
    observers_.clear();
    task()->in().stop_timer(*this);
  }
  void stop() noexcept {
    // Called by one of the observers, which must live until it returns.
    for (observer& each : observers_) each.unlink();
    task()->in().stop_timer(*this);
    wake();
  }
  void fire() noexcept override { stop(); }
  void cancel() noexcept override {
    let_go();
    waiter::cancel();
  }

  std::vector<handle<T>> handles_;
  return_when when_;
  std::optional<clock::time_point> deadline_;
  std::vector<observer> observers_;
  std::size_t left_ = 0;
};

}  // namespace detail

/// Waits until all tasks are done, or the first, or the first that fails (not: is cancelled). Throws
/// nothing of theirs and cancels none, also if the one who waits is cancelled.
/// Python: `asyncio.wait(tasks, return_when=…)`.
template <class T>
[[nodiscard]] detail::wait_awaiter<T> wait(std::vector<handle<T>> handles,
                                           return_when when = all_completed) {
  return {std::move(handles), when, std::nullopt};
}

/// The same, but at most that long; what is not done then is `pending`.
/// Python: `asyncio.wait(tasks, timeout=…, return_when=…)`.
template <class T, class Rep, class Period>
[[nodiscard]] detail::wait_awaiter<T> wait(std::vector<handle<T>> handles, return_when when,
                                           const std::chrono::duration<Rep, Period>& timeout) {
  return {std::move(handles), when, detail::deadline_after(timeout)};
}

}  // namespace trama::aio
