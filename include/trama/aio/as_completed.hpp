// as_completed: the results of several tasks, in the order in which they come.
//
//   for (auto next : aio::as_completed(std::move(tasks))) use(co_await next);
#pragma once

#include <cstddef>
#include <iterator>
#include <memory>
#include <trama/aio/create_task.hpp>
#include <trama/aio/queue.hpp>
#include <utility>
#include <vector>

namespace trama::aio {

namespace detail {

template <class T>
struct completions {
  struct observer final : done_observer {
    observer(completions& owner, handle<T> observed) noexcept
        : owner_(&owner), observed_(std::move(observed)) {}
    void task_done() noexcept override { (void)owner_->done.put_nowait(std::move(observed_)); }
    completions* owner_;
    handle<T> observed_;  // moved away when it is done
  };

  queue<handle<T>> done;
  std::vector<observer> observers;
};

template <class T>
task<T> next_of(std::shared_ptr<completions<T>> from) {
  handle<T> next = co_await from->done.get();
  co_return co_await std::move(next);
}

}  // namespace detail

/// What `as_completed` gives: a range of awaitables, each of which is to be awaited once. At its end
/// the tasks that are left are cancelled (Python lets them run).
template <class T>
class completion_range {
 public:
  completion_range(std::vector<task<T>> coroutines, const void* here)
      : state_(std::make_shared<detail::completions<T>>()) {
    state_->observers.reserve(coroutines.size());
    for (task<T>& each : coroutines) {
      handle<T> started = create_task(std::move(each).made_at(here));
      state_->observers.emplace_back(*state_, started);
      started.state()->observe(state_->observers.back());
    }
  }
  completion_range(const completion_range&) = delete;
  completion_range& operator=(const completion_range&) = delete;
  ~completion_range() {
    for (auto& each : state_->observers) {
      each.unlink();
      if (each.observed_) each.observed_.cancel();
    }
  }

  /// A result that will come: `co_await next` gives it once, or throws the task's exception.
  class next {
   public:
    auto operator co_await() noexcept { return std::move(coroutine_).operator co_await(); }

   private:
    friend completion_range;
    explicit next(task<T> coroutine) noexcept : coroutine_(std::move(coroutine)) {}
    task<T> coroutine_;
  };

  class iterator {
   public:
    using value_type = next;
    using difference_type = std::ptrdiff_t;
    next operator*() const {
      return next(detail::next_of(range_->state_).labelled("as_completed"));
    }
    iterator& operator++() noexcept {
      ++index_;
      return *this;
    }
    void operator++(int) noexcept { ++index_; }
    friend bool operator==(const iterator& a, const iterator& b) noexcept {
      return a.index_ == b.index_;
    }

   private:
    friend completion_range;
    iterator(const completion_range* range, std::size_t index) noexcept
        : range_(range), index_(index) {}
    const completion_range* range_;
    std::size_t index_;
  };

  [[nodiscard]] iterator begin() const noexcept { return {this, 0}; }
  [[nodiscard]] iterator end() const noexcept { return {this, state_->observers.size()}; }

 private:
  std::shared_ptr<detail::completions<T>> state_;
};

/// Starts all; the first result of the range is that of the first task that is done.
/// Python: `asyncio.as_completed(tasks)`.
template <class T>
[[nodiscard]] [[gnu::noinline]] completion_range<T> as_completed(std::vector<task<T>> coroutines) {
  return completion_range<T>(std::move(coroutines), __builtin_return_address(0));
}

}  // namespace trama::aio
