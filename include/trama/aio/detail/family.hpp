// What gather and task_group have in common: children that stand and fall together.
#pragma once

#include <coroutine>
#include <cstddef>
#include <exception>
#include <trama/aio/detail/loop.hpp>
#include <trama/aio/task.hpp>

namespace trama::aio::detail {

/// The first child that fails decides: the others are cancelled, and the wait ends with its error
/// when all are done. If the one who waits is cancelled, so are the children, and the wait ends
/// with `cancelled` when all are done (or with the error of a child that has failed).
class family : public task_parent {
 public:
  /// Whether a child that ends by `cancelled` on its own counts as one that has failed.
  explicit family(bool needs_all) noexcept : needs_all_(needs_all) {}
  family(const family&) = delete;
  family& operator=(const family&) = delete;

  ~family() override {
    cancel_all();
    children_.for_each([](child_link& child) {
      child.task().set_parent(nullptr);
      child.unlink();
    });
  }

  void adopt(task_base& child) noexcept {
    children_.push_back(child.link());
    if (error_) child.cancel();
  }

  void cancel_all() noexcept {
    children_.for_each([](child_link& child) { child.task().cancel(); });
  }

  [[nodiscard]] bool all_done() const noexcept { return children_.empty(); }
  [[nodiscard]] const std::exception_ptr& error() const noexcept { return error_; }

  class join_awaiter;

 private:
  void child_done(task_base& child) noexcept override;

  list<child_link> children_;
  std::exception_ptr error_;
  join_awaiter* joining_ = nullptr;
  bool needs_all_;
  bool only_cancelled_ = false;  // error_ is `cancelled`: an error proper takes its place
};

class family::join_awaiter final : public waiter {
 public:
  join_awaiter(family& joined, const char* what) noexcept : family_(&joined), what_(what) {}

  bool await_ready() const noexcept { return family_->all_done(); }
  template <task_coroutine Promise>
  [[gnu::noinline]] bool await_suspend(std::coroutine_handle<Promise> at) noexcept {
    if (!begin_wait(at, __builtin_return_address(0), what_)) {
      family_->cancel_all();  // They have to end first.
      wait_on(at, __builtin_return_address(0), what_);
    }
    family_->joining_ = this;
    return true;
  }
  void await_resume() {
    const bool is_cancelled = take_cancel();
    if (family_->error_ && !(is_cancelled && family_->only_cancelled_)) {
      std::rethrow_exception(family_->error_);
    }
    if (is_cancelled) throw cancelled();
  }

 private:
  friend family;
  void cancel() noexcept override { family_->cancel_all(); }

  family* family_;
  const char* what_;
};

inline void family::child_done(task_base& child) noexcept {
  child.link().unlink();
  const bool is_first = !error_;
  if (child.was_cancelled()) {
    if (needs_all_ && is_first) {
      error_ = child.error();
      only_cancelled_ = true;
    }
  } else if (const std::exception_ptr& error = child.error();
             error && (is_first || only_cancelled_)) {
    error_ = error;
    only_cancelled_ = false;
  }
  if (is_first && error_) cancel_all();
  if (children_.empty() && joining_ != nullptr) std::exchange(joining_, nullptr)->wake();
}

}  // namespace trama::aio::detail
