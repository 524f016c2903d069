// The part of a task that does not depend on its result: asyncio's Task object.
//
// A task runs a chain of coroutines, each awaiting the next; only the innermost one can be
// resumed. `step` resumes it and goes on from coroutine to coroutine (an await of a child and the
// end of a child name the next one in `next_`) until the innermost awaits something that is not a
// coroutine: then `waiting_` is that. The loop in `step` does what symmetric transfer does, but
// needs no tail calls of the compiler: those are missing at -O0 and under -fsanitize=thread, and a
// long loop of awaits would overflow the stack.
//
// Everything here belongs to the loop's thread: no locks, no atomics.
#pragma once

#include <coroutine>
#include <cstdint>
#include <exception>
#include <string>
#include <trama/aio/detail/list.hpp>
#include <utility>

namespace trama::aio::detail {

class loop;
class promise_base;
class task_base;

/// What a task waits for. Lives in the frame of the coroutine that awaits.
class waiter : public list_node {
 public:
  waiter() noexcept = default;
  waiter(const waiter&) noexcept = default;
  waiter& operator=(const waiter&) = delete;

 protected:
  virtual ~waiter() = default;

  /// The task is cancelled while it waits here. Where nothing else has to be done before the await
  /// can end, it ends now.
  virtual void cancel() noexcept {
    unlink();
    cancelled_ = true;
    wake();
  }

  /// The wait begins; false if it is over at once since a cancellation is due.
  template <class Promise>
  bool begin_wait(std::coroutine_handle<Promise> at, const void* pc, const char* what) noexcept;

  /// The same, but waits in any case: for what has to end before `cancelled` can be thrown.
  template <class Promise>
  void wait_on(std::coroutine_handle<Promise> at, const void* pc, const char* what) noexcept;

  /// The wait is over: the task goes on at the loop's next turn.
  void wake() noexcept;

  /// For await_resume: throws `cancelled` if that is how the wait has ended, or if a cancellation
  /// came after it had ended but before the task went on.
  void throw_if_cancelled();
  [[nodiscard]] bool take_cancel() noexcept;

  [[nodiscard]] task_base* task() const noexcept { return task_; }

 private:
  friend class task_base;
  task_base* task_ = nullptr;  // null as long as the task has not had to wait
  bool cancelled_ = false;
};

/// Is told when a task is done, before those that await it. For gather and task_group.
class task_parent {
 public:
  virtual void child_done(task_base& child) noexcept = 0;

 protected:
  virtual ~task_parent() = default;
};

/// Is told when a task is done, as often as somebody wants to know.
class done_observer : public list_node {
 public:
  virtual void task_done() noexcept = 0;

 protected:
  done_observer() noexcept = default;
  done_observer(const done_observer&) noexcept = default;
  virtual ~done_observer() = default;
};

/// The link that a task's parent holds it by.
class child_link : public list_node {
 public:
  explicit child_link(task_base& task) noexcept : task_(&task) {}
  [[nodiscard]] task_base& task() const noexcept { return *task_; }

 private:
  task_base* task_;
};

class task_base : public list_node {
 public:
  task_base(const task_base&) = delete;
  task_base& operator=(const task_base&) = delete;

  [[nodiscard]] bool is_shared() const noexcept { return references_ > 1; }
  void add_reference() noexcept { ++references_; }
  void drop_reference() noexcept {
    if (--references_ == 0) delete this;
  }

  /// asyncio's rule: `cancelled` is thrown once, at the await that the task is in or its next one.
  /// False if the task is done.
  bool cancel() noexcept {
    if (done_) return false;
    ++cancel_requests_;
    must_cancel_ = true;
    if (waiter* const in = waiting_; in != nullptr) in->cancel();
    return true;
  }
  /// How many requests to cancel are in force; `uncancel` takes one back. Python: the same.
  [[nodiscard]] unsigned cancelling() const noexcept { return cancel_requests_; }
  unsigned uncancel() noexcept {
    if (cancel_requests_ != 0 && --cancel_requests_ == 0) must_cancel_ = false;
    return cancel_requests_;
  }
  /// Takes back a request of one's own: a cancellation that is due is not, if there is no other
  /// request than the first `others`.
  unsigned withdraw_cancel(unsigned others) noexcept {
    const unsigned left = uncancel();
    if (left <= others) must_cancel_ = false;
    return left;
  }

  [[nodiscard]] bool done() const noexcept { return done_; }
  [[nodiscard]] bool was_cancelled() const noexcept { return cancelled_; }
  [[nodiscard]] bool has_failed() const noexcept { return error_ && !cancelled_; }
  [[nodiscard]] const std::exception_ptr& error() noexcept {
    error_seen_ = true;
    return error_;
  }
  [[nodiscard]] loop& in() const noexcept { return *loop_; }
  [[nodiscard]] std::string name() const {
    return name_.empty() ? "Task-" + std::to_string(number_) : name_;
  }
  void set_name(std::string name);

  void set_parent(task_parent* parent) noexcept { parent_ = parent; }
  child_link& link() noexcept { return link_; }
  void observe(done_observer& observer) noexcept { observers_.push_back(observer); }

  // --- for coroutines and what they await ---------------------------------------------------

  /// The coroutine that goes on when the running one has suspended itself.
  void go_on_with(std::coroutine_handle<> next) noexcept { next_ = next; }

  void wait(waiter& what, std::coroutine_handle<> resume, const promise_base& innermost,
            const void* pc, const char* name) noexcept;
  /// The wait has ended before the task let go of its thread.
  void do_not_wait() noexcept;
  /// The wait has ended, and `step` comes next.
  void stop_waiting() noexcept { waiting_ = nullptr; }
  [[nodiscard]] bool take_cancel() noexcept { return std::exchange(must_cancel_, false); }

  /// Runs the task until it waits or ends.
  void step() noexcept;

 protected:
  task_base(loop& in, std::coroutine_handle<> root, std::string name);
  virtual ~task_base();

  /// Moves the result out of the outermost coroutine and destroys that; the error, if any.
  virtual std::exception_ptr collect() noexcept = 0;

 private:
  friend class loop;
  friend class waiter;

  void finish() noexcept;
  void report_if_unseen() noexcept;

  loop* loop_;
  std::coroutine_handle<> root_;    // null once it is done
  std::coroutine_handle<> resume_;  // the innermost, while the task does not run
  std::coroutine_handle<> next_;
  waiter* waiting_ = nullptr;
  task_base* next_ready_ = nullptr;
  task_parent* parent_ = nullptr;
  child_link link_{*this};
  list<done_observer> observers_;
  std::exception_ptr error_;
  std::string name_;
  std::uint32_t number_;
  std::uint32_t references_ = 1;  // the loop's, dropped when the task is done
  std::uint32_t cancel_requests_ = 0;
  bool must_cancel_ = false;
  bool started_ = false;
  bool done_ = false;
  bool cancelled_ = false;
  bool error_seen_ = false;
};

/// Keeps a task's block alive.
template <class Task>
class task_ref {
 public:
  task_ref() noexcept = default;
  explicit task_ref(Task* task) noexcept : task_(task) {
    if (task_ != nullptr) task_->add_reference();
  }
  task_ref(const task_ref& other) noexcept : task_ref(other.task_) {}
  task_ref(task_ref&& other) noexcept : task_(std::exchange(other.task_, nullptr)) {}
  task_ref& operator=(task_ref other) noexcept {
    std::swap(task_, other.task_);
    return *this;
  }
  ~task_ref() {
    if (task_ != nullptr) task_->drop_reference();
  }

  Task* get() const noexcept { return task_; }
  Task* operator->() const noexcept { return task_; }
  Task& operator*() const noexcept { return *task_; }
  explicit operator bool() const noexcept { return task_ != nullptr; }

 private:
  Task* task_ = nullptr;
};

}  // namespace trama::aio::detail
