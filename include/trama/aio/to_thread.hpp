// to_thread: a call that blocks, in a thread of its own, while the loop goes on.
#pragma once

#include <atomic>
#include <boost/asio/post.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <trama/aio/create_task.hpp>
#include <tuple>
#include <type_traits>
#include <utility>

namespace trama::aio {

namespace detail {

template <class R>
class thread_awaiter;

/// A call on its way through the pool. It goes on when its awaiter is cancelled; then nobody gets
/// the result.
template <class R>
class thread_call : public thread_pool::job {
 public:
  void run(std::shared_ptr<job> self) noexcept final {
    if (!abandoned_.load(std::memory_order_relaxed)) {
      try {
        call();
      } catch (...) {
        error_ = std::current_exception();
      }
    }
    boost::asio::post(in_->context(), [this, self = std::move(self)] { arrive(); });
  }

 protected:
  result_slot<R>& slot() noexcept { return slot_; }
  [[nodiscard]] bool has_failed() const noexcept { return error_ != nullptr; }

  /// In the thread. A call that is abandoned before it starts is not made.
  virtual void call() = 0;
  /// In the loop, when it is made, also if nobody waits for it any more.
  virtual void arrived() noexcept = 0;

 private:
  friend thread_awaiter<R>;
  void arrive() noexcept;

  loop* in_ = nullptr;
  thread_awaiter<R>* awaiter_ = nullptr;  // of the loop's thread alone
  std::atomic<bool> abandoned_ = false;
  result_slot<R> slot_;
  std::exception_ptr error_;
};

/// `function` in the thread, then `after` (with a reference to its result) in the loop.
template <class R, class F, class After>
class thread_call_of final : public thread_call<R> {
 public:
  thread_call_of(F function, After after)
      : function_(std::move(function)), after_(std::in_place, std::move(after)) {}

 private:
  void call() override {
    if constexpr (std::is_void_v<R>) {
      function_();
    } else {
      this->slot().set(function_());
    }
  }
  void arrived() noexcept override {
    if (!this->has_failed()) (*after_)(this->slot());
    after_.reset();  // what it holds belongs to the loop's thread
  }

  F function_;
  std::optional<After> after_;
};

template <class R>
class thread_awaiter final : public waiter {
 public:
  thread_awaiter(std::shared_ptr<thread_call<R>> call, const char* what) noexcept
      : call_(std::move(call)), what_(what) {}
  thread_awaiter(thread_awaiter&&) noexcept = default;

  bool await_ready() const noexcept { return false; }
  template <task_coroutine Promise>
  [[gnu::noinline]] bool await_suspend(std::coroutine_handle<Promise> at) {
    if (!begin_wait(at, __builtin_return_address(0), what_)) return false;
    call_->in_ = &task()->in();
    call_->awaiter_ = this;
    try {
      task()->in().pool().submit(call_);
    } catch (...) {  // no thread can be started
      call_->awaiter_ = nullptr;
      call_->error_ = std::current_exception();
      task()->do_not_wait();
      return false;
    }
    return true;
  }
  R await_resume() {
    throw_if_cancelled();
    if (call_->error_) std::rethrow_exception(call_->error_);
    return call_->slot_.take();
  }

 private:
  friend thread_call<R>;
  void cancel() noexcept override {
    call_->abandoned_.store(true, std::memory_order_relaxed);
    call_->awaiter_ = nullptr;
    waiter::cancel();
  }

  std::shared_ptr<thread_call<R>> call_;
  const char* what_;
};

template <class R>
void thread_call<R>::arrive() noexcept {
  arrived();
  if (awaiter_ != nullptr) std::exchange(awaiter_, nullptr)->wake();
}

template <class F, class After>
auto in_thread(const char* what, F function, After after) {
  using R = std::invoke_result_t<F&>;
  return thread_awaiter<R>(
      std::make_shared<thread_call_of<R, F, After>>(std::move(function), std::move(after)), what);
}
template <class F>
auto in_thread(const char* what, F function) {
  return in_thread(what, std::move(function), [](const auto&) noexcept {});
}

}  // namespace detail

/// Calls `function(args…)` in a thread of a pool; its result, or its exception. A cancellation ends
/// the wait at once; the call itself goes on if it has begun, and `run` waits for it at its end.
/// Python: `asyncio.to_thread(function, *args)`.
template <class F, class... Args>
requires std::invocable<std::decay_t<F>, std::decay_t<Args>...>
[[nodiscard]] auto to_thread(F&& function, Args&&... args) {
  return detail::in_thread(
      "to_thread",
      [function = std::forward<F>(function),
       args = std::make_tuple(std::forward<Args>(args)...)]() mutable -> decltype(auto) {
        return std::apply(std::move(function), std::move(args));
      });
}

}  // namespace trama::aio
