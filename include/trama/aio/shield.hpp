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
[[nodiscard]] auto shield(A coroutine) {
  return shield(create_task(std::move(coroutine)));
}

}  // namespace trama::aio
