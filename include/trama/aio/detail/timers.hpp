// The moments that tasks wait for: a heap, earliest first, and first come first served among
// equals. The loop keeps one Asio timer for all of them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace trama::aio {

using clock = std::chrono::steady_clock;

namespace detail {

/// A moment as the clock says it; any duration will do, also hours::max() and floating ones.
template <class Rep, class Period>
clock::time_point deadline_after(const std::chrono::duration<Rep, Period>& wait) {
  using seconds = std::chrono::duration<double>;
  const clock::time_point now = clock::now();
  if (!(wait > std::chrono::duration<Rep, Period>::zero())) return now;
  if (!(seconds(wait) < seconds(clock::time_point::max() - now) / 2)) {
    return clock::time_point::max();
  }
  return now + std::chrono::ceil<clock::duration>(wait);
}

/// Something that shall happen at a moment; lives in the frame of the coroutine that waits.
class timer {
 public:
  timer() noexcept = default;
  timer(const timer&) noexcept {}
  timer& operator=(const timer&) = delete;

 protected:
  virtual ~timer() = default;  // the deriving class takes it out of the heap: see loop::stop_timer

 private:
  friend class timer_heap;
  friend class loop;
  virtual void fire() noexcept = 0;

  static constexpr std::size_t kNowhere = ~std::size_t{0};
  clock::time_point deadline_;
  std::uint64_t number_ = 0;
  std::size_t index_ = kNowhere;
};

class timer_heap {
 public:
  [[nodiscard]] bool empty() const noexcept { return heap_.empty(); }
  timer& first() noexcept { return *heap_.front(); }

  void insert(timer& added) {
    heap_.push_back(&added);
    added.number_ = ++count_;
    added.index_ = heap_.size() - 1;
    up(added.index_);
  }

  void remove(timer& gone) noexcept {
    const std::size_t hole = gone.index_;
    if (hole == timer::kNowhere) return;
    gone.index_ = timer::kNowhere;
    timer* last = heap_.back();
    heap_.pop_back();
    if (last == &gone) return;
    place(hole, last);
    up(hole);
    down(last->index_);
  }

 private:
  static bool before(const timer& a, const timer& b) noexcept {
    return a.deadline_ != b.deadline_ ? a.deadline_ < b.deadline_ : a.number_ < b.number_;
  }
  void place(std::size_t index, timer* at) noexcept {
    heap_[index] = at;
    at->index_ = index;
  }
  void swap(std::size_t a, std::size_t b) noexcept {
    timer* const first = heap_[a];
    place(a, heap_[b]);
    place(b, first);
  }
  void up(std::size_t i) noexcept {
    for (; i != 0 && before(*heap_[i], *heap_[(i - 1) / 2]); i = (i - 1) / 2) swap(i, (i - 1) / 2);
  }
  void down(std::size_t i) noexcept {
    for (;;) {
      std::size_t least = i;
      for (std::size_t child = 2 * i + 1; child < heap_.size() && child <= 2 * i + 2; ++child) {
        if (before(*heap_[child], *heap_[least])) least = child;
      }
      if (least == i) return;
      swap(i, least);
      i = least;
    }
  }

  std::vector<timer*> heap_;
  std::uint64_t count_ = 0;
};

}  // namespace detail
}  // namespace trama::aio
