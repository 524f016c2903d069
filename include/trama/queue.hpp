// trama/queue.hpp: Python's `queue` module (3.13) for C++20.
// (long because: header-only, and the manual of its users)
//
//   trama::queue<int> work;                       // unbounded; queue<int> work(8) holds 8
//   std::jthread consumer([&] {
//     try {
//       for (;;) { use(work.get()); work.task_done(); }
//     } catch (const trama::queue_shut_down&) {}  // the end, said by the producer
//   });
//   work.put(1);
//   work.put(2);
//   work.join();                                  // both have been put, got and done
//   work.shutdown();                              // the consumer leaves its loop
//
// | here                    | Python                        | order in which items leave   |
// |-------------------------|-------------------------------|------------------------------|
// | queue<T>                | queue.Queue                   | first in, first out          |
// | lifo_queue<T>           | queue.LifoQueue               | last in, first out           |
// | priority_queue<T, Less> | queue.PriorityQueue           | smallest first (not largest, |
// |                         |                               | as std::priority_queue has it) |
//
// ERRORS. One rule for every operation:
//   - What may happen in a healthy program is a value. The queue is full or empty, the
//     time is up, a stop was requested: `false` from the put family, `std::nullopt` from the
//     get family (Python raises Full and Empty).
//   - The end of the queue is an exception. After `shutdown`, every put throws
//     `queue_shut_down`, and so does every get once no item is left (Python raises ShutDown).
//     So "nothing at the moment" and "nothing ever again" cannot be confused.
//   - A mistake of the caller is a `std::logic_error`: `task_done` without an item to be done
//     (Python raises ValueError).
// What T's own copy, move or comparison throws passes through; see EXCEPTIONS.
//
// WAITING. An item, or room for one, wins over a stop request and over a timeout: a call that
// could succeed when it looks does succeed, as with std::condition_variable_any. A timeout that
// is zero or negative does not wait (Python raises ValueError for a negative one; in C++ it is
// what `deadline - now()` gives when one is late). The clock is std::chrono::steady_clock.
//
// THREADS. Every member may be called by any thread at any time, but for the constructor and
// the destructor: at destruction no other thread may be inside a call. `size`, `empty` and
// `full` tell what was true, and may be false before the caller reads the answer: do not build
// a protocol on them (aulas/03 shows what happens).
//
// EXCEPTIONS. An operation that throws has no effect on the queue: no item is lost or
// duplicated, no count changes, and another waiting thread gets its chance. A put that fails,
// by `false` or by `queue_shut_down`, has not moved from its argument. (If T's own move
// throws, T decides in which state it leaves the item, which stays in the queue.) Copies, moves,
// comparisons and destructors of T may run while the queue is locked: they must not call it, and
// T's destructor must not throw.
#pragma once

#include <chrono>
#include <concepts>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <stop_token>
#include <utility>

namespace trama {

/// The queue was shut down: nothing can be put any more, or nothing is left to get.
/// Python: `queue.ShutDown`.
class queue_shut_down : public std::runtime_error {
 public:
  queue_shut_down() : std::runtime_error("trama: the queue was shut down") {}
};

/// The operations that the three queues share; not used by itself.
///
/// `Items` stores the items and decides their order. It has `push` (strong exception
/// guarantee), `next` (the item that leaves next), `pop`, `size` and `clear` (which do not
/// throw), and no lock.
template <class T, class Items>
class basic_queue {
 public:
  static_assert(std::move_constructible<T>, "an item must at least be movable");

  using value_type = T;
  using size_type = std::size_t;

  /// An empty queue that holds at most `maxsize` items; 0 means without limit.
  /// Python: `Queue(maxsize=0)`.
  explicit basic_queue(size_type maxsize = 0) : basic_queue(maxsize, Items()) {}

  basic_queue(const basic_queue&) = delete;
  basic_queue& operator=(const basic_queue&) = delete;

  // --- put ------------------------------------------------------------------------------

  /// Adds an item; waits for room as long as it takes.
  /// Throws `queue_shut_down` after `shutdown`, also when that comes during the wait.
  /// Python: `put(item)`.
  void put(T&& value) { insert(std::move(value), wait_forever{}); }
  void put(const T& value) requires std::copy_constructible<T> { insert(value, wait_forever{}); }

  /// The same, but gives up when a stop is requested: false, and the item is not in the queue.
  bool put(T&& value, const std::stop_token& stop) {
    return insert_stoppable(std::move(value), stop, wait_forever{});
  }
  bool put(const T& value, const std::stop_token& stop) requires std::copy_constructible<T> {
    return insert_stoppable(value, stop, wait_forever{});
  }

  /// Adds an item if there is room now; false if the queue is full.
  /// Throws `queue_shut_down` after `shutdown`. Python: `put_nowait(item)`.
  [[nodiscard]] bool try_put(T&& value) { return insert(std::move(value), do_not_wait{}); }
  [[nodiscard]] bool try_put(const T& value) requires std::copy_constructible<T> {
    return insert(value, do_not_wait{});
  }

  /// Adds an item; waits for room at most `timeout`, false if there was none.
  /// Throws `queue_shut_down` after `shutdown`. Python: `put(item, timeout=…)`.
  template <class Rep, class Period>
  [[nodiscard]] bool put_for(T&& value, const std::chrono::duration<Rep, Period>& timeout) {
    return insert(std::move(value), wait_until{deadline_after(timeout)});
  }
  template <class Rep, class Period>
  requires std::copy_constructible<T>
  [[nodiscard]] bool put_for(const T& value, const std::chrono::duration<Rep, Period>& timeout) {
    return insert(value, wait_until{deadline_after(timeout)});
  }

  /// The same, but gives up when a stop is requested, also with false.
  template <class Rep, class Period>
  [[nodiscard]] bool put_for(T&& value, const std::chrono::duration<Rep, Period>& timeout,
                             const std::stop_token& stop) {
    return insert_stoppable(std::move(value), stop, wait_until{deadline_after(timeout)});
  }
  template <class Rep, class Period>
  requires std::copy_constructible<T>
  [[nodiscard]] bool put_for(const T& value, const std::chrono::duration<Rep, Period>& timeout,
                             const std::stop_token& stop) {
    return insert_stoppable(value, stop, wait_until{deadline_after(timeout)});
  }

  // --- get ------------------------------------------------------------------------------

  /// Removes and returns the next item; waits for one as long as it takes.
  /// Throws `queue_shut_down` when the queue is shut down and empty, also when that happens
  /// during the wait. Python: `get()`.
  [[nodiscard]] T get() {
    std::unique_lock lock(mutex_);
    wait(lock, not_empty_, has_item(), wait_forever{});
    return take<T>();
  }

  /// The same, but gives up when a stop is requested and there is no item: `nullopt`.
  [[nodiscard]] std::optional<T> get(const std::stop_token& stop) {
    return get_stoppable(stop, wait_forever{});
  }

  /// Removes and returns the next item; `nullopt` if there is none now.
  /// Throws `queue_shut_down` when the queue is shut down and empty.
  /// Python: `get_nowait()`.
  [[nodiscard]] std::optional<T> try_get() {
    std::unique_lock lock(mutex_);
    if (!wait(lock, not_empty_, has_item(), do_not_wait{})) return std::nullopt;
    return take<std::optional<T>>();
  }

  /// Removes and returns the next item; waits at most `timeout`, `nullopt` if none came.
  /// Throws `queue_shut_down` when the queue is shut down and empty.
  /// Python: `get(timeout=…)`.
  template <class Rep, class Period>
  [[nodiscard]] std::optional<T> get_for(const std::chrono::duration<Rep, Period>& timeout) {
    const wait_until limit{deadline_after(timeout)};
    std::unique_lock lock(mutex_);
    if (!wait(lock, not_empty_, has_item(), limit)) return std::nullopt;
    return take<std::optional<T>>();
  }

  /// The same, but gives up when a stop is requested and there is no item, also with `nullopt`.
  template <class Rep, class Period>
  [[nodiscard]] std::optional<T> get_for(const std::chrono::duration<Rep, Period>& timeout,
                                         const std::stop_token& stop) {
    return get_stoppable(stop, wait_until{deadline_after(timeout)});
  }

  // --- the work behind the items --------------------------------------------------------

  /// Says that the work on one item that was got is finished: once for each get.
  /// Throws `std::logic_error` when called more often than items were put.
  /// Python: `task_done()`.
  void task_done() {
    const std::lock_guard lock(mutex_);
    if (unfinished_ == 0) throw std::logic_error("trama: task_done() called too many times");
    if (--unfinished_ == 0) all_done_.notify_all();
  }

  /// Waits until `task_done` was called for every item that was put (or the item was thrown
  /// away by `shutdown(true)`). Not affected by `shutdown()`; does not throw.
  /// Python: `join()`.
  void join() {
    std::unique_lock lock(mutex_);
    wait(lock, all_done_, nothing_unfinished(), wait_forever{});
  }

  /// The same, but gives up when a stop is requested: false if work is left then.
  bool join(const std::stop_token& stop) {
    const auto wake = notify_at_stop(stop, all_done_);
    std::unique_lock lock(mutex_);
    return wait(lock, all_done_, nothing_unfinished(), wait_forever{}, &stop);
  }

  /// Ends the queue. From now on every put throws `queue_shut_down`; a get goes on until the
  /// queue is empty, then throws it too. Calls that wait in put or get wake up and do the same.
  ///
  /// With `immediate`, the items that are still there are thrown away and count as done, so
  /// that `join` waits only for those already got. A second call is harmless, and a
  /// `shutdown(true)` may follow a `shutdown()`. Python: `shutdown(immediate=False)`.
  void shutdown(bool immediate = false) {
    const std::lock_guard lock(mutex_);
    is_shut_down_ = true;
    if (immediate) {
      // As in Python, not below zero: task_done may have been called ahead of its get.
      unfinished_ -= items_.size() < unfinished_ ? items_.size() : unfinished_;
      items_.clear();
      if (unfinished_ == 0) all_done_.notify_all();
    }
    not_empty_.notify_all();
    not_full_.notify_all();
  }

  // --- questions: true when asked, perhaps no longer when answered ------------------------

  /// How many items the queue holds. Python: `qsize()`.
  [[nodiscard]] size_type size() const {
    const std::lock_guard lock(mutex_);
    return items_.size();
  }

  /// Whether it holds none. Python: `empty()`.
  [[nodiscard]] bool empty() const { return size() == 0; }

  /// Whether it holds as many as it may; never true without a limit. Python: `full()`.
  [[nodiscard]] bool full() const {
    const std::lock_guard lock(mutex_);
    return !has_room();
  }

  /// The limit given at construction; 0 means none. Python: `maxsize`.
  [[nodiscard]] size_type maxsize() const noexcept { return maxsize_; }

  /// Whether `shutdown` was called. Python: `is_shutdown`.
  [[nodiscard]] bool is_shut_down() const {
    const std::lock_guard lock(mutex_);
    return is_shut_down_;
  }

 protected:
  basic_queue(size_type maxsize, Items items) : maxsize_(maxsize), items_(std::move(items)) {}
  ~basic_queue() = default;

 private:
  using clock = std::chrono::steady_clock;

  // How long a call is willing to wait.
  struct wait_forever {};
  struct do_not_wait {};
  struct wait_until {
    clock::time_point deadline;
  };

  // A timeout may be larger than the clock can say (hours::max()), of any period, or floating.
  template <class Rep, class Period>
  static clock::time_point deadline_after(const std::chrono::duration<Rep, Period>& timeout) {
    using seconds = std::chrono::duration<double>;
    const clock::time_point now = clock::now();
    if (timeout <= std::chrono::duration<Rep, Period>::zero()) return now;
    if (!(seconds(timeout) < seconds(clock::time_point::max() - now) / 2)) {
      return clock::time_point::max();
    }
    return now + std::chrono::ceil<clock::duration>(timeout);
  }

  // The conditions that calls wait for. REQUIRES: mutex_ is held.
  // A wait ends as soon as its condition holds, and looks at nothing else before: a thread
  // that was woken for an item must not leave it behind because its time is up as well. The
  // wake-up would be lost to those who still wait.
  bool has_room() const { return maxsize_ == 0 || items_.size() < maxsize_; }
  auto may_put() const {
    return [this] {
      if (is_shut_down_) throw queue_shut_down();
      return has_room();
    };
  }
  auto has_item() const {
    return [this] {
      if (items_.size() != 0) return true;
      if (is_shut_down_) throw queue_shut_down();
      return false;
    };
  }
  auto nothing_unfinished() const {
    return [this] { return unfinished_ == 0; };
  }

  // Waits until `ready()`; false when `limit` or `stop` ended the wait before.
  template <class Ready, class Limit>
  bool wait(std::unique_lock<std::mutex>& lock, std::condition_variable& changed, Ready ready,
            const Limit& limit, const std::stop_token* stop = nullptr) {
    while (!ready()) {
      if (stop != nullptr && stop->stop_requested()) return false;
      if constexpr (std::same_as<Limit, wait_forever>) {
        changed.wait(lock);
      } else if constexpr (std::same_as<Limit, wait_until>) {
        if (changed.wait_until(lock, limit.deadline) == std::cv_status::timeout) return ready();
      } else {
        return false;
      }
    }
    return true;
  }

  // While the result lives, a stop request wakes those who wait for `changed`.
  //
  // The callback takes the lock before it notifies. So it comes either before the waiter's
  // look at stop_requested(), which is then true, or after the waiter is asleep: never between
  // the two. It must be made before the caller locks and destroyed after it has unlocked,
  // because both may have to wait for the callback, which needs the lock.
  auto notify_at_stop(const std::stop_token& stop, std::condition_variable& changed) {
    auto notify = [this, &changed] {
      const std::lock_guard lock(mutex_);
      changed.notify_all();
    };
    return std::stop_callback<decltype(notify)>(stop, std::move(notify));
  }

  template <class U, class Limit>
  bool insert(U&& value, const Limit& limit) {
    std::unique_lock lock(mutex_);
    if (!wait(lock, not_full_, may_put(), limit)) return false;
    add(std::forward<U>(value));
    return true;
  }

  template <class U, class Limit>
  bool insert_stoppable(U&& value, const std::stop_token& stop, const Limit& limit) {
    const auto wake = notify_at_stop(stop, not_full_);
    std::unique_lock lock(mutex_);
    if (!wait(lock, not_full_, may_put(), limit, &stop)) return false;
    add(std::forward<U>(value));
    return true;
  }

  template <class Limit>
  std::optional<T> get_stoppable(const std::stop_token& stop, const Limit& limit) {
    const auto wake = notify_at_stop(stop, not_empty_);
    std::unique_lock lock(mutex_);
    if (!wait(lock, not_empty_, has_item(), limit, &stop)) return std::nullopt;
    return take<std::optional<T>>();
  }

  // REQUIRES: mutex_ is held and there is room.
  template <class U>
  void add(U&& value) {
    try {
      items_.push(std::forward<U>(value));
    } catch (...) {
      not_full_.notify_one();  // The room that this thread was woken for is still there.
      throw;
    }
    ++unfinished_;
    not_empty_.notify_one();
  }

  // Moves the next item into an R. REQUIRES: mutex_ is held and there is an item.
  //
  // The item leaves the queue after the caller's result is made, when `leaving` is destroyed:
  // no move comes after that, so none can throw the item away.
  template <class R>
  R take() {
    struct leave_on_success {
      basic_queue& queue;
      int exceptions = std::uncaught_exceptions();
      ~leave_on_success() {
        if (std::uncaught_exceptions() == exceptions) {
          queue.items_.pop();
          queue.not_full_.notify_one();
        } else {
          queue.not_empty_.notify_one();  // The item that this thread was woken for is still there.
        }
      }
    };
    const leave_on_success leaving{*this};
    return R(std::move(items_.next()));
  }

  const size_type maxsize_;

  mutable std::mutex mutex_;  // Guards all that follows. Notifications are made under it.
  std::condition_variable not_empty_;
  std::condition_variable not_full_;
  std::condition_variable all_done_;
  Items items_;
  size_type unfinished_ = 0;  // Items that were put and neither done nor thrown away.
  bool is_shut_down_ = false;
};

/// How items are stored; for `basic_queue` only.
namespace queue_detail {

// A deque in both: unlike a vector's, its push_back has no effect if it throws, for any T.
template <class T>
class fifo_items {
 public:
  template <class U>
  void push(U&& value) {
    items_.push_back(std::forward<U>(value));
  }
  T& next() { return items_.front(); }
  void pop() noexcept { items_.pop_front(); }
  std::size_t size() const noexcept { return items_.size(); }
  void clear() noexcept { items_.clear(); }

 private:
  std::deque<T> items_;
};

template <class T>
class lifo_items {
 public:
  template <class U>
  void push(U&& value) {
    items_.push_back(std::forward<U>(value));
  }
  T& next() { return items_.back(); }
  void pop() noexcept { items_.pop_back(); }
  std::size_t size() const noexcept { return items_.size(); }
  void clear() noexcept { items_.clear(); }

 private:
  std::deque<T> items_;
};

// A tree, not a heap: std::push_heap loses an item if the comparison throws half-way; an
// insertion into a tree compares first and links after. It also keeps equals in their order.
template <class T, class Less>
class priority_items {
 public:
  explicit priority_items(Less less = Less()) : items_(less_item{std::move(less)}) {}

  template <class U>
  void push(U&& value) {
    items_.emplace(std::forward<U>(value));
  }
  T& next() { return items_.begin()->value; }
  void pop() noexcept { items_.erase(items_.begin()); }
  std::size_t size() const noexcept { return items_.size(); }
  void clear() noexcept { items_.clear(); }

 private:
  struct item {
    template <class U>
    explicit item(U&& from) : value(std::forward<U>(from)) {}
    mutable T value;  // Moved from when it leaves, and then not compared again.
  };
  struct less_item {
    Less less;
    bool operator()(const item& a, const item& b) const {
      return less(std::as_const(a.value), std::as_const(b.value));
    }
  };
  std::multiset<item, less_item> items_;
};

}  // namespace queue_detail

/// First in, first out. All operations: `basic_queue`. Python: `queue.Queue`.
template <class T>
class queue : public basic_queue<T, queue_detail::fifo_items<T>> {
 public:
  using basic_queue<T, queue_detail::fifo_items<T>>::basic_queue;
};

/// Last in, first out: a stack. All operations: `basic_queue`. Python: `queue.LifoQueue`.
template <class T>
class lifo_queue : public basic_queue<T, queue_detail::lifo_items<T>> {
 public:
  using basic_queue<T, queue_detail::lifo_items<T>>::basic_queue;
};

/// The smallest first, as `Less` orders them; of equals, the one that was put first (Python
/// leaves that open). All operations: `basic_queue`. Python: `queue.PriorityQueue`.
///
/// Note the order: std::priority_queue gives the largest first. For that, use std::greater.
template <class T, class Less = std::less<T>>
class priority_queue : public basic_queue<T, queue_detail::priority_items<T, Less>> {
  using items = queue_detail::priority_items<T, Less>;

 public:
  /// An empty queue that holds at most `maxsize` items (0: no limit), ordered by `less`.
  explicit priority_queue(std::size_t maxsize = 0, Less less = Less())
      : basic_queue<T, items>(maxsize, items(std::move(less))) {}
};

}  // namespace trama
