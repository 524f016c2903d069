// task_group: tasks that end before the block that has started them.
//
//   aio::task_group group;
//   group.create_task(produce(queue));
//   group.create_task(consume(queue));
//   co_await group.join();              // Python: the end of `async with`
#pragma once

#include <string>
#include <trama/aio/create_task.hpp>
#include <trama/aio/detail/family.hpp>
#include <utility>

namespace trama::aio {

/// The first task that fails cancels the others; `join` waits for all and throws its exception (the
/// first one; Python: a group of all). A task that is cancelled alone disturbs nobody.
/// Python: `asyncio.TaskGroup`.
///
/// Always `co_await group.join()`: a destructor cannot await. One that still has tasks cancels
/// them, and they end later, by themselves.
class task_group {
 public:
  task_group() noexcept : children_(false) {}

  /// Starts a task of the group; after a failure, one that is cancelled before it starts.
  /// Python: the same.
  template <detail::task_like A>
  [[gnu::noinline]] handle<detail::task_value_t<A>> create_task(A coroutine,
                                                                std::string name = {}) {
    auto state =
        detail::start(detail::loop::current(),
                      detail::to_task(std::move(coroutine)).made_at(__builtin_return_address(0)),
                      std::move(name), &children_);
    children_.adopt(*state);
    return handle<detail::task_value_t<A>>(std::move(state));
  }

  /// Waits until all tasks are done, also those that are started meanwhile. If the one who waits is
  /// cancelled, so are they. Python: the end of `async with`.
  [[nodiscard]] detail::family::join_awaiter join() noexcept { return {children_, "task_group"}; }

  /// Cancels all tasks of the group.
  void cancel() noexcept { children_.cancel_all(); }

 private:
  detail::family children_;
};

}  // namespace trama::aio
