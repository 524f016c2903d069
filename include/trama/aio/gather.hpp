// gather: several tasks at once, and all their results.
//
//   auto [page, size] = co_await aio::gather(fetch(url), count(path));
//   std::vector<int> all = co_await aio::gather(std::move(tasks));
//
// ERRORS. asyncio.TaskGroup's rule, not asyncio.gather's: the first error cancels the siblings; when
// all have ended it is thrown. So no task of a gather outlives it. The same when the one who awaits
// is cancelled.
#pragma once

#include <cstddef>
#include <string>
#include <trama/aio/create_task.hpp>
#include <trama/aio/detail/family.hpp>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace trama::aio {

namespace detail {

template <class T>
using tuple_value_t = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

template <class T>
tuple_value_t<T> take_result(task_state<T>& state) {
  if constexpr (std::is_void_v<T>) {
    return {};
  } else {
    return state.slot().take();
  }
}

/// Gives a coroutine the place where it is awaited itself.
class own_place {
 public:
  bool await_ready() const noexcept { return false; }
  template <task_coroutine Promise>
  bool await_suspend(std::coroutine_handle<Promise> self) noexcept {
    pc_ = self.promise().awaited_at();
    return false;
  }
  const void* await_resume() const noexcept { return pc_; }

 private:
  const void* pc_ = nullptr;
};

template <class T>
task_ref<task_state<T>> start_child(family& parent, const void* here, task<T> coroutine) {
  auto ref = start(loop::current(), std::move(coroutine).made_at(here), {}, &parent);
  parent.adopt(*ref);
  return ref;
}

template <class... T>
auto gather_some(task<T>... coroutines)
    -> task<std::conditional_t<(std::is_void_v<T> && ...), void, std::tuple<tuple_value_t<T>...>>> {
  family children(true);
  const void* const here = co_await own_place();
  // Braces: from left to right.
  std::tuple<task_ref<task_state<T>>...> states{
      start_child(children, here, std::move(coroutines))...};
  co_await family::join_awaiter(children, "gather");
  if constexpr (!(std::is_void_v<T> && ...)) {
    co_return std::apply(
        [](auto&... state) { return std::tuple<tuple_value_t<T>...>{take_result<T>(*state)...}; },
        states);
  }
}

template <class T>
auto gather_all(std::vector<task<T>> coroutines)
    -> task<std::conditional_t<std::is_void_v<T>, void, std::vector<tuple_value_t<T>>>> {
  family children(true);
  const void* const here = co_await own_place();
  std::vector<task_ref<task_state<T>>> states;
  if constexpr (!std::is_void_v<T>) states.reserve(coroutines.size());
  for (task<T>& coroutine : coroutines) {
    auto state = start_child(children, here, std::move(coroutine));
    if constexpr (!std::is_void_v<T>) states.push_back(std::move(state));
  }
  coroutines.clear();
  co_await family::join_awaiter(children, "gather");
  if constexpr (!std::is_void_v<T>) {
    std::vector<T> results;
    results.reserve(states.size());
    for (auto& state : states) results.push_back(state->slot().take());
    co_return results;
  }
}

}  // namespace detail

/// Runs each in a task of its own; a tuple of the results, in the order of the arguments (a
/// std::monostate for one without result; nothing at all if none has one).
/// Python: `asyncio.gather(a, b)`, with TaskGroup's rule for errors.
template <detail::task_like... A>
requires(sizeof...(A) != 0) auto gather(A... coroutines) {
  return detail::gather_some(detail::to_task(std::move(coroutines))...).labelled("gather");
}

/// The same for any number; a vector of the results, in order (nothing for task<void>).
/// Python: `asyncio.gather(*tasks)`.
template <class T>
auto gather(std::vector<task<T>> coroutines) {
  return detail::gather_all(std::move(coroutines)).labelled("gather");
}

}  // namespace trama::aio
