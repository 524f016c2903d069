// shield: awaits a task without passing a cancellation on to it.
#pragma once

#include <trama/aio/create_task.hpp>
#include <utility>

namespace trama::aio {

/// As `co_await handle`; but when the one who awaits is cancelled, the task goes on.
/// Python: `asyncio.shield(task)`.
template <class T>
[[nodiscard]] auto shield(const handle<T>& running) noexcept {
  return detail::done_awaiter<T, false, true>(running.state());
}
template <class T>
[[nodiscard]] auto shield(handle<T>&& running) noexcept {
  return detail::done_awaiter<T, true, true>(running.state());
}

/// The same for a coroutine, which becomes a task at once.
template <detail::task_like A>
[[nodiscard]] [[gnu::noinline]] auto shield(A coroutine) {
  return shield(handle<detail::task_value_t<A>>(detail::start(
      detail::loop::current(),
      detail::to_task(std::move(coroutine)).made_at(__builtin_return_address(0)), {})));
}

}  // namespace trama::aio
