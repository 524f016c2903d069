// create_task and handle<T>: tasks that run beside each other, and asyncio's Task object.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <stdexcept>
#include <string>
#include <trama/aio/detail/loop.hpp>
#include <trama/aio/task.hpp>
#include <utility>

namespace trama::aio {

namespace detail {

/// The task of a coroutine that returns T, with the result once it is there.
template <class T>
class task_state final : public task_base {
 public:
  task_state(loop& in, std::coroutine_handle<task_promise<T>> root, std::string name)
      : task_base(in, root, std::move(name)), root_(root) {
    root.promise().belongs_to(*this);
  }

  result_slot<T>& slot() noexcept { return slot_; }

  /// REQUIRES: done.
  void throw_if_failed() {
    if (error()) std::rethrow_exception(error());
  }

 private:
  ~task_state() override {
    if (root_) destroy(root_, false);
  }

  std::exception_ptr collect() noexcept override {
    const auto root = std::exchange(root_, nullptr);
    std::exception_ptr error = root.promise().error();
    try {
      if (!error) slot_.take_from(root.promise().slot());
    } catch (...) {  // the move of a result
      error = std::current_exception();
    }
    destroy(root, root.done());
    return error;
  }

  std::coroutine_handle<task_promise<T>> root_;
  result_slot<T> slot_;
};

template <class T>
task_ref<task_state<T>> start(loop& in, task<T> coroutine, std::string name,
                              task_parent* parent = nullptr) {
  task_state<T>* const state = new task_state<T>(in, coroutine.release(), std::move(name));
  task_ref<task_state<T>> ref(state);
  state->set_parent(parent);
  in.add(*state);
  return ref;
}

/// Waits until a task is done. A cancellation is passed on to that task, as in asyncio: the wait
/// then ends when the task has ended.
template <class T, bool kMove, bool kShield>
class done_awaiter : public waiter {
 public:
  explicit done_awaiter(task_ref<task_state<T>> awaited) noexcept
      : awaited_(std::move(awaited)), observer_(*this) {}
  done_awaiter(done_awaiter&& other) noexcept
      : waiter(), awaited_(std::move(other.awaited_)), observer_(*this) {}

  bool await_ready() const noexcept { return awaited_->done(); }

  template <task_coroutine Promise>
  [[gnu::noinline]] bool await_suspend(std::coroutine_handle<Promise> at) noexcept {
    if (!begin_wait(at, __builtin_return_address(0), kShield ? "shield" : "task")) return false;
    awaited_->observe(observer_);
    return true;
  }

  decltype(auto) await_resume() {
    if constexpr (kShield) {
      throw_if_cancelled();
    } else {
      // The request went on to the awaited task, unless that was done or had to be waited for.
      if (!awaited_->done() || (task() != nullptr && !passed_on_)) throw_if_cancelled();
      if (passed_on_) (void)task()->take_cancel();
    }
    awaited_->throw_if_failed();
    if constexpr (std::is_void_v<T>) {
      return;
    } else if constexpr (kMove) {
      // Moved out, unless somebody else may ask for it too.
      if constexpr (std::copy_constructible<T>) {
        if (awaited_->is_shared()) return T(awaited_->slot().get());
      }
      return T(awaited_->slot().take());
    } else {
      return awaited_->slot().get();
    }
  }

 private:
  struct observer final : done_observer {
    explicit observer(done_awaiter& owner) noexcept : owner_(&owner) {}
    void task_done() noexcept override { owner_->wake(); }
    done_awaiter* owner_;
  };

  void cancel() noexcept override {
    if constexpr (kShield) {
      observer_.unlink();
      waiter::cancel();
    } else {
      passed_on_ = true;
      awaited_->cancel();
    }
  }

  task_ref<task_state<T>> awaited_;
  observer observer_;
  bool passed_on_ = false;
};

}  // namespace detail

/// A task that runs: copy it freely, all copies mean the same task. Dropping the last one does not
/// end the task. Python: `asyncio.Task`.
///
/// Only the loop's thread may use it; from another thread,
/// `boost::asio::post(loop, [h]() mutable { h.cancel(); })` (Python: `call_soon_threadsafe`).
template <class T>
class handle {
 public:
  using value_type = T;

  /// Means no task.
  handle() noexcept = default;

  /// Waits until the task is done; its result, or its exception. If the one who awaits is
  /// cancelled meanwhile, so is the task: see `shield`. Python: `await task`.
  auto operator co_await() const& noexcept { return detail::done_awaiter<T, false, false>(state_); }
  auto operator co_await() && noexcept {
    return detail::done_awaiter<T, true, false>(std::move(state_));
  }

  /// Asks the task to end: its current await (or its next) throws `cancelled`, once. False if it is
  /// done already. Python: the same.
  bool cancel() noexcept { return state_->cancel(); }

  /// Whether it has returned or thrown. Python: the same.
  [[nodiscard]] bool done() const noexcept { return state_->done(); }

  /// Whether it has ended by `cancelled`. Python: the same.
  [[nodiscard]] bool cancelled() const noexcept { return state_->was_cancelled(); }

  /// Python: `get_name()`; "Task-1" … where none was given.
  [[nodiscard]] std::string name() const { return state_->name(); }
  void set_name(std::string name) { state_->set_name(std::move(name)); }

  /// The result, or its exception thrown. std::logic_error if the task is not done.
  /// Python: the same (InvalidStateError).
  decltype(auto) result() const {
    require_done();
    state_->throw_if_failed();
    return state_->slot().get();
  }

  /// What it has thrown, or null. Throws `cancelled` if it was cancelled, std::logic_error if it is
  /// not done. Python: the same.
  [[nodiscard]] std::exception_ptr exception() const {
    require_done();
    if (state_->was_cancelled()) throw aio::cancelled();
    return state_->error();
  }

  explicit operator bool() const noexcept { return static_cast<bool>(state_); }
  friend bool operator==(const handle& a, const handle& b) noexcept {
    return a.state_.get() == b.state_.get();
  }

  // --- for the library ----------------------------------------------------------------------

  explicit handle(detail::task_ref<detail::task_state<T>> state) noexcept
      : state_(std::move(state)) {}
  [[nodiscard]] const detail::task_ref<detail::task_state<T>>& state() const noexcept {
    return state_;
  }

 private:
  void require_done() const {
    if (!state_->done()) throw std::logic_error("trama::aio: the task is not done");
  }

  detail::task_ref<detail::task_state<T>> state_;
};

/// The task that is running, or any other, without its result. Python: `asyncio.Task`.
class task_view {
 public:
  explicit task_view(detail::task_base* state) noexcept : state_(state) {}

  bool cancel() noexcept { return state_->cancel(); }
  /// How many requests to cancel it has had; `uncancel` takes one back. Python: the same.
  [[nodiscard]] unsigned cancelling() const noexcept { return state_->cancelling(); }
  unsigned uncancel() noexcept { return state_->uncancel(); }
  [[nodiscard]] bool done() const noexcept { return state_->done(); }
  [[nodiscard]] std::string name() const { return state_->name(); }
  void set_name(std::string name) { state_->set_name(std::move(name)); }

  friend bool operator==(const task_view& a, const task_view& b) noexcept {
    return a.state_.get() == b.state_.get();
  }

 private:
  detail::task_ref<detail::task_base> state_;
};

/// Runs a coroutine as a task beside the others; it starts at the loop's next turn. Takes a
/// task<T>, any other awaitable of this library, or a function that returns one (a lambda with
/// captures is kept as long as the task).
/// An exception of a task that nobody awaits is reported on stderr. Python: the same.
template <detail::task_like A>
[[gnu::noinline]] handle<detail::task_value_t<A>> create_task(A coroutine, std::string name = {}) {
  detail::loop& in = detail::loop::current();
  return handle<detail::task_value_t<A>>(
      detail::start(in, detail::to_task(std::move(coroutine)).made_at(__builtin_return_address(0)),
                    std::move(name)));
}

/// The task that calls. std::logic_error outside of one. Python: the same.
inline task_view current_task() {
  detail::task_base* const task = detail::loop::current().current_task();
  if (task == nullptr) throw std::logic_error("trama::aio: no task is running here");
  return task_view(task);
}

/// The io_context of the loop that runs in this thread, for objects of Asio: sockets, timers,
/// signal sets. Python: `asyncio.get_running_loop()`.
inline boost::asio::io_context& this_loop() { return detail::loop::current().context(); }

}  // namespace trama::aio
