// Pool: numbered objects at stable addresses, reused rather than destroyed.
//
// An execution takes objects by number and gives them all back at once in O(1); their
// own storage (say, of a vector clock) stays with them. So the memory of a pool is that
// of the largest execution, however many there were, and steady state allocates nothing.
// Whoever takes an object resets it: it may still hold what a former execution left.
#pragma once

#include <cstdint>
#include <new>
#include <vector>

#include "base/check.hpp"

namespace trama {

template <typename T, unsigned kChunkBits>
class Pool {
 public:
  Pool() = default;
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() {
    for (T* chunk : chunks_) {
      for (std::uint32_t i = 0; i < kChunkSize; ++i) chunk[i].~T();
      ::operator delete (chunk, std::align_val_t{alignof(T)});
    }
  }

  /// Requires: index < size().
  T& operator[](std::uint32_t index) { return chunks_[index >> kChunkBits][index & kChunkMask]; }
  const T& operator[](std::uint32_t index) const {
    return chunks_[index >> kChunkBits][index & kChunkMask];
  }
  [[nodiscard]] std::uint32_t size() const { return size_; }

  /// The number of one more object, in whatever state its last user left it.
  std::uint32_t take() {
    if ((size_ >> kChunkBits) == chunks_.size()) add_chunk();
    return size_++;
  }

  void give_all_back() { size_ = 0; }

 private:
  static constexpr std::uint32_t kChunkSize = 1U << kChunkBits;
  static constexpr std::uint32_t kChunkMask = kChunkSize - 1;

  __attribute__((noinline)) void add_chunk() {
    auto* chunk =
        static_cast<T*>(::operator new (kChunkSize * sizeof(T), std::align_val_t{alignof(T)}));
    for (std::uint32_t i = 0; i < kChunkSize; ++i) new (chunk + i) T();
    chunks_.push_back(chunk);
  }

  std::vector<T*> chunks_;
  std::uint32_t size_ = 0;
};

}  // namespace trama
