// What a coroutine of type task<T> keeps in its frame.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <trama/aio/detail/task_base.hpp>
#include <trama/detail/task_hooks.hpp>
#include <type_traits>
#include <utility>

namespace trama::aio::detail {

/// Where a task waits, for the engine's reports.
struct await_place {
  const void* pc;
  const char* what;
};

class promise_base {
 public:
  promise_base() noexcept = default;
  promise_base(const promise_base&) = delete;
  promise_base& operator=(const promise_base&) = delete;

  std::suspend_always initial_suspend() noexcept { return {}; }

  struct final_awaiter {
    bool await_ready() noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> self) noexcept {
      promise_base& promise = self.promise();
      promise.owner_->go_on_with(promise.continuation_);
    }
    void await_resume() noexcept {}
  };
  final_awaiter final_suspend() noexcept { return {}; }

  void unhandled_exception() noexcept {
    error_ = std::current_exception();
    if (trama::detail::hooks::threw != nullptr) trama::detail::hooks::threw(owner_);
  }

  [[nodiscard]] task_base* owner() const noexcept { return owner_; }
  [[nodiscard]] bool started() const noexcept { return owner_ != nullptr; }
  [[nodiscard]] const std::exception_ptr& error() const noexcept { return error_; }

  /// The coroutine becomes the outermost of `owner`.
  void belongs_to(task_base& owner) noexcept { owner_ = &owner; }

  /// The coroutine is awaited by `caller`, at `pc`, and goes on in its task.
  void awaited_by(promise_base& caller, std::coroutine_handle<> handle, const void* pc) noexcept {
    owner_ = caller.owner_;
    caller_ = &caller;
    continuation_ = handle;
    awaited_at_ = pc;
  }

  /// Marks a coroutine of this library: in reports it stands as one await of its caller. An empty
  /// label marks one that only wraps another await, which is what is told of.
  void set_label(const char* what) noexcept { label_ = what; }

  /// Where it is awaited, or else where its author made it.
  [[nodiscard]] const void* awaited_at() const noexcept { return awaited_at_; }

  /// Where the author made it: there a coroutine of this library waits that nobody awaits.
  void set_made_at(const void* pc) noexcept {
    if (awaited_at_ == nullptr) awaited_at_ = pc;
  }

  /// Where the task waits, as its author sees it: in front of the library's own coroutines.
  [[nodiscard]] await_place place(const void* pc, const char* what) const noexcept {
    await_place found{pc, what};
    bool is_ours = true;  // all from the innermost one to here
    for (const promise_base* at = this; at != nullptr; at = at->caller_) {
      const bool names_itself = at->label_ != nullptr && *at->label_ != '\0';
      is_ours = names_itself || (is_ours && at->label_ != nullptr);
      if (!is_ours || at->awaited_at_ == nullptr) continue;
      found = {at->awaited_at_, names_itself ? at->label_ : found.what};
    }
    return found;
  }

 protected:
  ~promise_base() = default;

 private:
  task_base* owner_ = nullptr;
  promise_base* caller_ = nullptr;
  std::coroutine_handle<> continuation_;
  const void* awaited_at_ = nullptr;
  const char* label_ = nullptr;
  std::exception_ptr error_;
};

/// Whether a coroutine is being destroyed that has come to no end: what it holds was not forgotten.
inline bool& is_dropping() noexcept {
  static thread_local bool dropping = false;
  return dropping;
}

template <class Promise>
void destroy(std::coroutine_handle<Promise> gone, bool came_to_an_end) noexcept {
  const bool before = is_dropping();
  is_dropping() = before || !came_to_an_end || gone.promise().error() != nullptr;
  gone.destroy();
  is_dropping() = before;
}

/// A result that comes later. REQUIRES of get: it has come.
template <class T>
class result_slot {
 public:
  template <class U>
  void set(U&& value) {
    value_.emplace(std::forward<U>(value));
  }
  T&& take() noexcept { return std::move(*value_); }
  const T& get() const noexcept { return *value_; }
  void take_from(result_slot& other) {
    if (other.value_) value_ = std::move(other.value_);
  }

 private:
  std::optional<T> value_;
};

template <class T>
class result_slot<T&> {
 public:
  void set(T& value) noexcept { value_ = &value; }
  T& take() const noexcept { return *value_; }
  T& get() const noexcept { return *value_; }
  void take_from(result_slot& other) noexcept { value_ = other.value_; }

 private:
  T* value_ = nullptr;
};

template <>
class result_slot<void> {
 public:
  void take() const noexcept {}
  void get() const noexcept {}
  void take_from(result_slot&) noexcept {}
};

}  // namespace trama::aio::detail
