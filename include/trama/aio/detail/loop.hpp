// asyncio's event loop, on a boost::asio::io_context that one thread runs.
//
// A task whose wait is over stands in the ready list; one handler in the io_context runs all that
// stood there when it was called, first in first out (asyncio's _run_once), and is posted again if
// there are more. So to wake a task allocates nothing, and sockets get their turn between.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <trama/aio/detail/promise.hpp>
#include <trama/aio/detail/task_base.hpp>
#include <trama/aio/detail/thread_pool.hpp>
#include <trama/aio/detail/timers.hpp>
#include <trama/aio/errors.hpp>
#include <trama/detail/task_hooks.hpp>
#include <utility>

namespace trama::aio::detail {

/// What an exception says of itself.
inline std::string describe(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& e) {
    return e.what();
  } catch (const cancelled& e) {
    return e.what();
  } catch (...) {
    return "an exception that is not a std::exception";
  }
}

class loop {
 public:
  loop() : alarm_(io_) {}
  loop(const loop&) = delete;
  loop& operator=(const loop&) = delete;

  /// The loop that the calling thread is running, or null.
  static loop*& running() noexcept {
    static thread_local loop* the_loop = nullptr;
    return the_loop;
  }
  static loop& current() {
    if (loop* const found = running()) return *found;
    throw std::logic_error("trama::aio: no loop runs in this thread: see trama::aio::run");
  }

  boost::asio::io_context& context() noexcept { return io_; }
  task_base* current_task() const noexcept { return current_; }

  /// Whether code of a task or of the loop is on the stack: then a task must not be stepped.
  [[nodiscard]] bool is_busy() const noexcept { return busy_; }

  /// Runs until `task` is done.
  void run_until_done(task_base& task) {
    main_ = &task;
    run();
    main_ = nullptr;
  }

  /// Cancels all tasks that are left and runs until they are done.
  void run_to_the_end() {
    ending_ = true;
    // Two turns of the list, since a task that is asked may start another or finish a third.
    for (std::size_t left = task_count_; left != 0 && !tasks_.empty(); --left) {
      task_base& asked = tasks_.pop_front();
      tasks_.push_back(asked);
      asked.cancel();
    }
    if (!tasks_.empty()) run();
    pool_.join();
    poll();
  }

  // --- tasks --------------------------------------------------------------------------------

  /// A new task: it starts at the loop's next turn. After the end of `run`'s task there is no
  /// room for new ones: they are cancelled before they start.
  void add(task_base& added) noexcept {
    tasks_.push_back(added);
    ++task_count_;
    ready(added);
    if (ending_) added.cancel();
  }

  void remove(task_base& done) noexcept {
    done.unlink();
    --task_count_;
    if (&done == main_ || (ending_ && tasks_.empty())) io_.stop();
  }

  std::uint32_t next_number() noexcept { return ++numbers_; }

  void ready(task_base& task) noexcept {
    task.next_ready_ = nullptr;
    (ready_last_ == nullptr ? ready_first_ : ready_last_->next_ready_) = &task;
    ready_last_ = &task;
    post_turn();
  }

  /// Steps `task` in the middle of nothing else.
  void step(task_base& task) noexcept {
    const bool was_busy = std::exchange(busy_, true);
    task_base* const before = std::exchange(current_, &task);
    task.step();
    current_ = before;
    busy_ = was_busy;
  }

  // --- time ---------------------------------------------------------------------------------

  void start_timer(timer& added, clock::time_point deadline) {
    added.deadline_ = deadline;
    timers_.insert(added);
    set_alarm();
  }
  void stop_timer(timer& gone) noexcept { timers_.remove(gone); }

  // --- threads ------------------------------------------------------------------------------

  thread_pool& pool() noexcept { return pool_; }

 private:
  void run() {
    const auto work = boost::asio::make_work_guard(io_);
    for (;;) {
      io_.restart();
      try {
        io_.run();
        return;
      } catch (...) {  // of a handler that somebody posted: no task's exception comes here
        report("exception in a handler", std::current_exception());
      }
    }
  }

  void poll() {
    for (;;) {
      io_.restart();
      try {
        io_.poll();
        return;
      } catch (...) {
        report("exception in a handler", std::current_exception());
      }
    }
  }

  static void report(const char* what, const std::exception_ptr& error) noexcept {
    std::fprintf(stderr, "trama::aio: %s: %s\n", what, describe(error).c_str());
  }

  void post_turn() noexcept {
    if (turn_is_posted_) return;
    turn_is_posted_ = true;
    boost::asio::post(io_, [this] { turn(); });
  }

  void turn() noexcept {
    turn_is_posted_ = false;
    task_base* next = std::exchange(ready_first_, nullptr);
    ready_last_ = nullptr;
    while (next != nullptr) {
      task_base& task = *next;
      next = task.next_ready_;
      step(task);
    }
  }

  // The Asio timer is set anew only for a moment that is earlier; one that fires for nothing looks
  // again.
  void set_alarm() {
    if (timers_.empty()) return;
    const clock::time_point first = timers_.first().deadline_;
    if (alarm_is_set_ && alarm_.expiry() <= first) return;
    alarm_is_set_ = true;
    alarm_.expires_at(first);
    alarm_.async_wait([this](const boost::system::error_code& error) {
      if (error) return;
      alarm_is_set_ = false;
      const bool was_busy = std::exchange(busy_, true);
      const clock::time_point now = clock::now();
      while (!timers_.empty() && timers_.first().deadline_ <= now) {
        timer& due = timers_.first();
        timers_.remove(due);
        due.fire();
      }
      busy_ = was_busy;
      set_alarm();
    });
  }

  boost::asio::io_context io_{1};
  boost::asio::steady_timer alarm_;
  bool alarm_is_set_ = false;
  bool turn_is_posted_ = false;
  bool ending_ = false;
  bool busy_ = false;
  timer_heap timers_;
  task_base* ready_first_ = nullptr;
  task_base* ready_last_ = nullptr;
  task_base* current_ = nullptr;
  const task_base* main_ = nullptr;
  list<task_base> tasks_;
  std::size_t task_count_ = 0;
  std::uint32_t numbers_ = 0;
  thread_pool pool_;
};

// --- task_base, whose functions need the loop -----------------------------------------------

inline task_base::task_base(loop& in, std::coroutine_handle<> root, std::string name)
    : loop_(&in), root_(root), resume_(root), name_(std::move(name)), number_(in.next_number()) {
  if (trama::detail::hooks::created != nullptr) {
    trama::detail::hooks::created(this, root.address(), name_.empty() ? nullptr : name_.c_str());
  }
}

inline task_base::~task_base() { report_if_unseen(); }

inline void task_base::set_name(std::string name) {
  name_ = std::move(name);
  if (trama::detail::hooks::named != nullptr) trama::detail::hooks::named(this, name_.c_str());
}

inline void task_base::wait(waiter& what, std::coroutine_handle<> resume,
                            const promise_base& innermost, const void* pc,
                            const char* name) noexcept {
  waiting_ = &what;
  resume_ = resume;
  if (trama::detail::hooks::suspended != nullptr) {
    const await_place at = innermost.place(pc, name);
    trama::detail::hooks::suspended(this, at.pc, at.what);
  }
}

inline void task_base::do_not_wait() noexcept {
  waiting_ = nullptr;
  if (trama::detail::hooks::resumed != nullptr) trama::detail::hooks::resumed(this);
}

inline void task_base::step() noexcept {
  if (trama::detail::hooks::resumed != nullptr) trama::detail::hooks::resumed(this);
  if (!started_) {
    started_ = true;
    if (must_cancel_) {  // cancelled before its first line: it never runs
      must_cancel_ = false;
      error_ = std::make_exception_ptr(cancelled());
      cancelled_ = true;
      finish();
      return;
    }
  }
  next_ = resume_;
  while (next_) std::exchange(next_, nullptr).resume();
  if (root_.done()) finish();
}

inline void task_base::finish() noexcept {
  const std::exception_ptr error = collect();
  root_ = nullptr;
  if (error) error_ = error;
  if (error_ && !cancelled_) {
    try {
      std::rethrow_exception(error_);
    } catch (const cancelled&) {
      cancelled_ = true;
    } catch (...) {
    }
  }
  done_ = true;
  if (trama::detail::hooks::finished != nullptr) trama::detail::hooks::finished(this);
  loop_->remove(*this);
  if (parent_ != nullptr) parent_->child_done(*this);
  while (!observers_.empty()) observers_.pop_front().task_done();
  drop_reference();
}

// Nobody can ask for the error any more: asyncio's "exception was never retrieved".
inline void task_base::report_if_unseen() noexcept {
  if (!error_ || error_seen_ || cancelled_) return;
  std::fprintf(stderr, "trama::aio: exception in task '%s' that nobody awaited: %s\n",
               name().c_str(), describe(error_).c_str());
}

// --- waiter ---------------------------------------------------------------------------------

template <class Promise>
bool waiter::begin_wait(std::coroutine_handle<Promise> at, const void* pc,
                        const char* what) noexcept {
  task_ = at.promise().owner();
  if (task_->take_cancel()) {
    cancelled_ = true;
    return false;
  }
  wait_on(at, pc, what);
  return true;
}

template <class Promise>
void waiter::wait_on(std::coroutine_handle<Promise> at, const void* pc, const char* what) noexcept {
  task_ = at.promise().owner();
  task_->wait(*this, at, at.promise(), pc, what);
}

inline void waiter::wake() noexcept {
  task_->waiting_ = nullptr;
  task_->loop_->ready(*task_);
}

inline bool waiter::take_cancel() noexcept {
  if (task_ == nullptr) return false;
  const bool pending = task_->take_cancel();
  return cancelled_ || pending;
}

inline void waiter::throw_if_cancelled() {
  if (take_cancel()) throw cancelled();
}

}  // namespace trama::aio::detail
