// VectorClock: for each thread, how much of its past is known (Fidge 1988, Mattern 1989).
//
// An access with epoch c@t happens before a thread whose clock V has V[t] >= c. That one
// comparison is what the race detector does most; joins and copies come next.
//
// Layout: entries stand in blocks of four, so a program of up to four threads is joined,
// copied and compared with one vector instruction each. Two blocks are inline, more live
// on the heap. Copying into a clock and clearing it keep its storage: in steady state
// nothing is allocated.
//
// Invariants: `size_` is a multiple of the block; an entry at or beyond `size_` counts as 0.
// Not thread-safe; all of Trama runs on one kernel thread.
#pragma once

#include <cstdint>
#include <cstring>
#include <new>

#include "base/counts.hpp"
#include "event/ids.hpp"

namespace trama {

class VectorClock {
 public:
  using Clock = std::uint32_t;

  VectorClock() = default;
  VectorClock(const VectorClock& other) { assign(other); }
  VectorClock& operator=(const VectorClock& other) {
    if (this != &other) assign(other);
    return *this;
  }
  ~VectorClock() {
    if (data_ != inline_) ::operator delete(data_);
  }

  [[nodiscard]] Clock at(std::uint32_t thread) const { return thread < size_ ? data_[thread] : 0; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

  void set(ThreadId thread, Clock clock) {
    if (thread >= size_) grow(thread + 1U);
    data_[thread] = clock;
  }

  /// Advances the entry of `thread`; returns its new value.
  Clock tick(ThreadId thread) {
    if (thread >= size_) grow(thread + 1U);
    return ++data_[thread];
  }

  /// Learns what `other` knows: the maximum, entry by entry.
  void join(const VectorClock& other) {
    if (other.size_ > size_) grow(other.size_);
    counts::join(data_, other.data_, other.size_);
  }

  void assign(const VectorClock& other) {
    if (other.size_ > capacity_) reserve(other.size_, 0);
    size_ = other.size_;
    counts::copy(data_, other.data_, size_);
  }

  /// Forgets every entry, keeps the storage.
  void clear() { size_ = 0; }

  /// Whether everything known here is known to `other` too.
  [[nodiscard]] bool less_or_equal(const VectorClock& other) const {
    for (std::uint32_t i = 0; i < size_; ++i) {
      if (data_[i] > other.at(static_cast<ThreadId>(i))) return false;
    }
    return true;
  }

 private:
  static constexpr std::uint32_t kInline = 2 * kCountBlock;

  /// Extends with zeros to hold `count` entries, rounded up to whole blocks.
  void grow(std::uint32_t count) {
    count = (count + kCountBlock - 1) / kCountBlock * kCountBlock;
    if (count > capacity_) reserve(count, size_);
    counts::clear(data_ + size_, count - size_);
    size_ = count;
  }

  /// Moves to storage for at least `count` entries; the first `kept` survive.
  __attribute__((noinline)) void reserve(std::uint32_t count, std::uint32_t kept) {
    std::uint32_t capacity = capacity_;
    while (capacity < count) capacity *= 2;
    auto* data = static_cast<Clock*>(::operator new(capacity * sizeof(Clock)));
    std::memcpy(data, data_, kept * sizeof(Clock));
    if (data_ != inline_) ::operator delete(data_);
    data_ = data;
    capacity_ = capacity;
  }

  Clock* data_ = inline_;
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = kInline;
  Clock inline_[kInline];  // NOLINT: read only below size_
};

}  // namespace trama
