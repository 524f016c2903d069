// A small event loop with tasks, for the programs that test what Trama shows of tasks: one thread,
// an epoll set that others wake by an eventfd, and coroutines that start when they are awaited.
#pragma once

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <coroutine>
#include <cstdint>
#include <deque>
#include <exception>
#include <mutex>
#include <utility>

#include "../../include/trama/detail/task_hooks.hpp"

namespace loop {

class Loop;

/// What asyncio calls a Task: coroutines that await one another and run as one.
struct Entry {
  Loop* loop = nullptr;
  std::coroutine_handle<> next;  // where it goes on
};

class [[nodiscard]] Task {
 public:
  struct promise_type {
    std::coroutine_handle<promise_type> caller;
    Entry* entry = nullptr;
    const void* made_at = nullptr;
    bool begun = false;

    __attribute__((noinline)) Task get_return_object() { return Task(Handle::from_promise(*this)); }
    auto initial_suspend() {
      struct Start {
        promise_type* promise;
        bool await_ready() const noexcept { return false; }
        void await_suspend(std::coroutine_handle<>) const noexcept {}
        void await_resume() const noexcept { promise->begun = true; }
      };
      return Start{this};
    }
    auto final_suspend() noexcept {
      struct End {
        bool await_ready() const noexcept { return false; }
        std::coroutine_handle<> await_suspend(
            std::coroutine_handle<promise_type> self) const noexcept {
          if (self.promise().caller) return self.promise().caller;
          if (trama::detail::hooks::finished != nullptr)
            trama::detail::hooks::finished(self.promise().entry);
          return std::noop_coroutine();
        }
        void await_resume() const noexcept {}
      };
      return End{};
    }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
  using Handle = std::coroutine_handle<promise_type>;

  explicit Task(Handle handle) : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&&) = delete;
  __attribute__((noinline)) ~Task() {
    if (!handle_) return;
    if (!handle_.promise().begun && trama::detail::hooks::forgotten != nullptr) {
      trama::detail::hooks::forgotten(handle_.address(), __builtin_return_address(0));
    }
    handle_.destroy();
  }

  [[nodiscard]] Handle handle() const { return handle_; }
  bool await_ready() const { return false; }
  std::coroutine_handle<> await_suspend(Handle caller) const {
    handle_.promise().caller = caller;
    handle_.promise().entry = caller.promise().entry;
    return handle_;
  }
  void await_resume() const {}

 private:
  Handle handle_;
};

class Loop {
 public:
  Loop() : set_(epoll_create1(0)), alarm_(eventfd(0, EFD_NONBLOCK)) {
    epoll_event wanted = {};
    wanted.events = EPOLLIN;
    epoll_ctl(set_, EPOLL_CTL_ADD, alarm_, &wanted);
  }
  ~Loop() {
    close(alarm_);
    close(set_);
  }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Starts a task, which runs at the loop's next turn. Both stay where they are.
  void start(Entry& entry, const Task& task, const char* name) {
    entry.loop = this;
    entry.next = task.handle();
    task.handle().promise().entry = &entry;
    if (trama::detail::hooks::created != nullptr) {
      trama::detail::hooks::created(&entry, task.handle().address(), name);
    }
    post(entry);
  }

  /// From any thread: the task goes on at the loop's next turn.
  void post(Entry& entry) {
    {
      const std::lock_guard guard(lock_);
      ready_.push_back(&entry);
    }
    const std::uint64_t one = 1;
    if (write(alarm_, &one, sizeof one) != sizeof one) std::terminate();
  }

  /// Runs until so many tasks are over.
  void run(const Task* const* tasks, unsigned count) {
    for (;;) {
      unsigned over = 0;
      for (unsigned i = 0; i < count; ++i) over += tasks[i]->handle().done() ? 1U : 0U;
      if (over == count) return;
      epoll_event event = {};
      epoll_wait(set_, &event, 1, -1);
      std::uint64_t calls = 0;
      if (read(alarm_, &calls, sizeof calls) != sizeof calls) std::terminate();
      std::deque<Entry*> turn;
      {
        const std::lock_guard guard(lock_);
        turn.swap(ready_);
      }
      for (Entry* entry : turn) {
        if (trama::detail::hooks::resumed != nullptr) trama::detail::hooks::resumed(entry);
        entry->next.resume();
      }
    }
  }

 private:
  int set_;
  int alarm_;
  std::mutex lock_;
  std::deque<Entry*> ready_;
};

/// Lets the others have a turn.
struct Turn {
  bool await_ready() const { return false; }
  __attribute__((noinline)) void await_suspend(Task::Handle self) const {
    Entry* entry = self.promise().entry;
    entry->next = self;
    if (trama::detail::hooks::suspended != nullptr) {
      trama::detail::hooks::suspended(entry, __builtin_return_address(0), "sleep");
    }
    entry->loop->post(*entry);
  }
  void await_resume() const {}
};

/// Something that one task awaits and another one, or a thread, announces.
class Signal {
 public:
  void set() {
    set_ = true;
    if (waiter_ != nullptr) waiter_->loop->post(*std::exchange(waiter_, nullptr));
  }
  bool await_ready() const { return set_; }
  __attribute__((noinline)) void await_suspend(Task::Handle self) {
    waiter_ = self.promise().entry;
    waiter_->next = self;
    if (trama::detail::hooks::suspended != nullptr) {
      trama::detail::hooks::suspended(waiter_, __builtin_return_address(0), "signal");
    }
  }
  void await_resume() const {}

 private:
  bool set_ = false;
  Entry* waiter_ = nullptr;
};

}  // namespace loop
