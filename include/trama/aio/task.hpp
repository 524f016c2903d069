// task<T>: what a coroutine returns.
//
//   aio::task<int> twice(int x) {
//     co_await aio::sleep(10ms);
//     co_return 2 * x;
//   }
//   int y = co_await twice(21);           // inside another task<>
//
// As in Python, calling it runs nothing: it runs when it is awaited, in the task of the one who
// awaits, or when it is given to create_task, gather, run …, in a task of its own.
#pragma once

#include <concepts>
#include <coroutine>
#include <trama/aio/detail/promise.hpp>
#include <trama/detail/task_hooks.hpp>
#include <type_traits>
#include <utility>

namespace trama::aio {

template <class T = void>
class task;

namespace detail {

template <class T>
class task_promise final : public promise_base {
 public:
  task<T> get_return_object() noexcept;
  template <class U = T>
  requires std::convertible_to<U&&, T>
  void return_value(U&& value) { slot_.set(std::forward<U>(value)); }
  result_slot<T>& slot() noexcept { return slot_; }

 private:
  result_slot<T> slot_;
};

template <>
class task_promise<void> final : public promise_base {
 public:
  task<void> get_return_object() noexcept;
  void return_void() noexcept {}
  result_slot<void>& slot() noexcept { return slot_; }

 private:
  result_slot<void> slot_;
};

/// Whatever can stand behind co_await in a task and takes part in asyncio's rules.
template <class P>
concept task_coroutine = std::derived_from<P, promise_base>;

}  // namespace detail

/// A coroutine that was called and has not run yet. Parameters of a coroutine are best taken by
/// value: a reference must live as long as the coroutine, which may run much later.
/// Destroyed without having run, it does nothing (Python warns "was never awaited").
/// Python: a coroutine object.
template <class T>
class [[nodiscard]] task {
 public:
  using promise_type = detail::task_promise<T>;
  using value_type = T;

  task(task&& other) noexcept : coroutine_(std::exchange(other.coroutine_, nullptr)) {}
  task& operator=(task&& other) noexcept {
    std::swap(coroutine_, other.coroutine_);
    return *this;
  }

  // Not inlined, so that the return address lies in the code that lets the coroutine go.
  [[gnu::noinline]] ~task() {
    if (!coroutine_) return;
    if (trama::detail::hooks::forgotten != nullptr && !coroutine_.promise().started() &&
        !detail::is_dropping()) {
      trama::detail::hooks::forgotten(coroutine_.address(), __builtin_return_address(0));
    }
    detail::destroy(coroutine_, false);
  }

  class awaiter;
  /// Runs the coroutine to its end, gives its result or throws its exception.
  awaiter operator co_await() && noexcept { return awaiter(std::exchange(coroutine_, nullptr)); }

  // --- for the library ----------------------------------------------------------------------

  std::coroutine_handle<promise_type> release() noexcept {
    return std::exchange(coroutine_, nullptr);
  }
  task&& labelled(const char* what) && noexcept {
    coroutine_.promise().set_label(what);
    return std::move(*this);
  }
  task&& made_at(const void* pc) && noexcept {
    coroutine_.promise().set_made_at(pc);
    return std::move(*this);
  }

 private:
  friend promise_type;
  explicit task(std::coroutine_handle<promise_type> coroutine) noexcept : coroutine_(coroutine) {}

  std::coroutine_handle<promise_type> coroutine_;
};

template <class T>
class task<T>::awaiter {
 public:
  awaiter(const awaiter&) = delete;
  awaiter& operator=(const awaiter&) = delete;
  ~awaiter() {
    if (coroutine_) detail::destroy(coroutine_, coroutine_.done());
  }

  bool await_ready() noexcept { return false; }

  template <detail::task_coroutine Promise>
  [[gnu::noinline]] void await_suspend(std::coroutine_handle<Promise> caller) noexcept {
    coroutine_.promise().awaited_by(caller.promise(), caller, __builtin_return_address(0));
    caller.promise().owner()->go_on_with(coroutine_);
  }

  T await_resume() {
    promise_type& promise = coroutine_.promise();
    if (promise.error()) std::rethrow_exception(promise.error());
    return promise.slot().take();
  }

 private:
  friend task;
  explicit awaiter(std::coroutine_handle<promise_type> coroutine) noexcept
      : coroutine_(coroutine) {}

  std::coroutine_handle<promise_type> coroutine_;
};

namespace detail {

template <class T>
task<T> task_promise<T>::get_return_object() noexcept {
  return task<T>(std::coroutine_handle<task_promise>::from_promise(*this));
}
inline task<void> task_promise<void>::get_return_object() noexcept {
  return task<void>(std::coroutine_handle<task_promise>::from_promise(*this));
}

template <class A>
decltype(auto) awaiter_of(A&& awaitable) {
  if constexpr (requires { std::forward<A>(awaitable).operator co_await(); }) {
    return std::forward<A>(awaitable).operator co_await();
  } else {
    return std::forward<A>(awaitable);
  }
}

/// What may be awaited, by value.
template <class A>
concept awaitable = std::move_constructible<A> && requires(A a) {
  detail::awaiter_of(std::move(a)).await_ready();
  detail::awaiter_of(std::move(a)).await_resume();
};

template <awaitable A>
using awaited_t = std::remove_cvref_t<decltype(awaiter_of(std::declval<A>()).await_resume())>;

/// Any awaitable as a coroutine, so that it can be given to create_task, gather, timeout.
template <class T>
task<T> to_task(task<T> already) noexcept {
  return already;
}
template <awaitable A>
task<awaited_t<A>> await_it(A awaitable) {
  co_return co_await std::move(awaitable);
}
template <awaitable A>
task<awaited_t<A>> to_task(A awaitable) {
  return await_it(std::move(awaitable)).labelled("");
}

/// A function that returns a task, called; the function lives as long as the coroutine. So a
/// lambda with captures may be a coroutine.
template <class F>
requires std::invocable<F&> && awaitable<std::invoke_result_t<F&>>
    task<awaited_t<std::invoke_result_t<F&>>> call_it(F function) {
  co_return co_await function();
}
template <class F>
requires std::invocable<F&> && awaitable<std::invoke_result_t<F&>>
    task<awaited_t<std::invoke_result_t<F&>>> to_task(F function) {
  return call_it(std::move(function)).labelled("");
}

template <class A>
concept task_like = requires(A a) {
  detail::to_task(std::move(a));
};

template <class A>
using task_value_t = typename decltype(detail::to_task(std::declval<A>()))::value_type;

}  // namespace detail
}  // namespace trama::aio
