// queue<T>: work handed from task to task. trama::queue is its sister for threads; the same rule
// for errors holds here: full or empty is a value, the end of the queue is an exception.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <stdexcept>
#include <trama/aio/detail/loop.hpp>
#include <trama/aio/task.hpp>
#include <utility>

namespace trama::aio {

/// The queue was closed: nothing can be put any more, or nothing is left to get.
/// Python: `asyncio.QueueShutDown`.
class queue_closed : public std::runtime_error {
 public:
  queue_closed() : std::runtime_error("trama::aio: the queue was closed") {}
};

/// First in, first out, for items as for those who wait. Python: `asyncio.Queue`.
template <class T>
class queue {
 public:
  using value_type = T;

  /// Holds at most `maxsize` items; 0 means without limit. Python: `Queue(maxsize=0)`.
  explicit queue(std::size_t maxsize = 0) noexcept : maxsize_(maxsize) {}
  queue(const queue&) = delete;
  queue& operator=(const queue&) = delete;

  class put_awaiter;
  class get_awaiter;
  class join_awaiter;

  /// Adds an item; waits for room. Throws `queue_closed` after `close`, also when that comes during
  /// the wait. Python: the same.
  [[nodiscard]] put_awaiter put(T item) { return put_awaiter(*this, std::move(item)); }

  /// Removes and returns the next item; waits for one. Throws `queue_closed` when the queue is
  /// closed and empty. Python: the same.
  [[nodiscard]] get_awaiter get() noexcept { return get_awaiter(*this); }

  /// Adds an item if there is room now; false if not, and the item is where it was. Throws
  /// `queue_closed`. Python: the same (QueueFull).
  [[nodiscard]] bool put_nowait(T&& item) {
    if (closed_) throw queue_closed();
    if (full()) return false;
    add(std::move(item));
    return true;
  }
  [[nodiscard]] bool put_nowait(const T& item) {
    if (closed_) throw queue_closed();
    if (full()) return false;
    add(T(item));
    return true;
  }

  /// Removes and returns the next item; nullopt if there is none now. Throws `queue_closed`.
  /// Python: the same (QueueEmpty).
  [[nodiscard]] std::optional<T> get_nowait() {
    if (!items_.empty()) return take();
    if (closed_) throw queue_closed();
    return std::nullopt;
  }

  /// Says that the work on one item that was got is finished: once for each get.
  /// std::logic_error when called too often. Python: the same (ValueError).
  void task_done() {
    if (unfinished_ == 0) throw std::logic_error("trama::aio: task_done() called too many times");
    if (--unfinished_ != 0) return;
    while (!joining_.empty()) joining_.pop_front().wake();
  }

  /// Waits until `task_done` was called for every item that was put. Python: the same.
  [[nodiscard]] join_awaiter join() noexcept { return join_awaiter(*this); }

  /// Ends the queue: a put throws `queue_closed` from now on, a get when no item is left; those who
  /// wait do the same. A second call is harmless. Python: `shutdown()`.
  void close() noexcept {
    closed_ = true;
    while (!putting_.empty()) putting_.pop_front().wake();
    while (!getting_.empty()) getting_.pop_front().wake();
  }

  [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }
  [[nodiscard]] bool empty() const noexcept { return items_.empty(); }
  [[nodiscard]] bool full() const noexcept { return maxsize_ != 0 && items_.size() >= maxsize_; }
  [[nodiscard]] std::size_t maxsize() const noexcept { return maxsize_; }
  [[nodiscard]] bool is_closed() const noexcept { return closed_; }

 private:
  // Somebody waits for an item only while there is none: it goes straight to him.
  void add(T item) {
    offer(std::move(item));
    ++unfinished_;
  }
  void offer(T item) {
    if (getting_.empty()) {
      items_.push_back(std::move(item));
      return;
    }
    getting_.front().item_.emplace(std::move(item));
    getting_.pop_front().wake();
  }

  // Somebody waits for room only while there is none: the room goes straight to his item.
  T take() {
    T item = std::move(items_.front());
    items_.pop_front();
    if (!putting_.empty() && !full()) {
      items_.push_back(std::move(putting_.front().item_));
      ++unfinished_;
      put_awaiter& putter = putting_.pop_front();
      putter.is_put_ = true;
      putter.wake();
    }
    return item;
  }

  // An item that its getter cannot use any more, since it was cancelled: it is the next again.
  void give_back(T item) {
    if (getting_.empty()) {
      items_.push_front(std::move(item));
    } else {
      offer(std::move(item));
    }
  }

  const std::size_t maxsize_;
  bool closed_ = false;
  std::deque<T> items_;
  std::size_t unfinished_ = 0;
  detail::list<put_awaiter> putting_;
  detail::list<get_awaiter> getting_;
  detail::list<join_awaiter> joining_;
};

template <class T>
class queue<T>::put_awaiter final : public detail::waiter {
 public:
  put_awaiter(queue& into, T&& item) : queue_(&into), item_(std::move(item)) {}

  bool await_ready() {
    if (queue_->closed_) throw queue_closed();
    if (queue_->full()) return false;
    queue_->add(std::move(item_));
    is_put_ = true;
    return true;
  }
  template <detail::task_coroutine Promise>
  [[gnu::noinline]] bool await_suspend(std::coroutine_handle<Promise> at) noexcept {
    if (!begin_wait(at, __builtin_return_address(0), "queue.put")) return false;
    queue_->putting_.push_back(*this);
    return true;
  }
  void await_resume() {
    if (is_put_) return;  // a cancellation that came later waits for the next await
    throw_if_cancelled();
    throw queue_closed();
  }

 private:
  friend queue;
  queue* queue_;
  T item_;
  bool is_put_ = false;
};

template <class T>
class queue<T>::get_awaiter final : public detail::waiter {
 public:
  explicit get_awaiter(queue& from) noexcept : queue_(&from) {}

  bool await_ready() {
    if (!queue_->items_.empty()) {
      item_.emplace(queue_->take());
      return true;
    }
    if (queue_->closed_) throw queue_closed();
    return false;
  }
  template <detail::task_coroutine Promise>
  [[gnu::noinline]] bool await_suspend(std::coroutine_handle<Promise> at) noexcept {
    if (!begin_wait(at, __builtin_return_address(0), "queue.get")) return false;
    queue_->getting_.push_back(*this);
    return true;
  }
  T await_resume() {
    if (take_cancel()) {
      if (item_) queue_->give_back(std::move(*item_));
      throw cancelled();
    }
    if (!item_) throw queue_closed();
    return std::move(*item_);
  }

 private:
  friend queue;
  queue* queue_;
  std::optional<T> item_;
};

template <class T>
class queue<T>::join_awaiter final : public detail::waiter {
 public:
  explicit join_awaiter(queue& joined) noexcept : queue_(&joined) {}

  bool await_ready() const noexcept { return queue_->unfinished_ == 0; }
  template <detail::task_coroutine Promise>
  [[gnu::noinline]] bool await_suspend(std::coroutine_handle<Promise> at) noexcept {
    if (!begin_wait(at, __builtin_return_address(0), "queue.join")) return false;
    queue_->joining_.push_back(*this);
    return true;
  }
  void await_resume() { throw_if_cancelled(); }

 private:
  friend queue;
  queue* queue_;
};

}  // namespace trama::aio
