// Schedule: the answers to the choice points of one execution, in order.
//
// With the same program, options and visible locations, the same schedule gives the same
// execution. It lives in memory that the host provides (shared with another process, where
// executions run in forked children), of fixed capacity: one entry for each step at most.
#pragma once

#include <cstdint>

#include "base/check.hpp"

namespace trama {

class Schedule {
 public:
  Schedule() = default;
  /// Uses `storage` for up to `capacity` answers; the storage outlives this object.
  Schedule(std::uint16_t* storage, std::uint64_t capacity)
      : answers_(storage), capacity_(capacity) {}

  void clear() { size_ = 0; }
  void push(std::uint32_t alternative) {
    TRAMA_CHECK(size_ < capacity_ && alternative <= 0xffff);
    answers_[size_++] = static_cast<std::uint16_t>(alternative);
  }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] std::uint64_t capacity() const { return capacity_; }
  /// For a host that learns from elsewhere how many answers the storage holds.
  void resize(std::uint64_t size) {
    TRAMA_CHECK(size <= capacity_);
    size_ = size;
  }
  std::uint16_t operator[](std::uint64_t index) const { return answers_[index]; }
  [[nodiscard]] const std::uint16_t* data() const { return answers_; }

 private:
  std::uint16_t* answers_ = nullptr;
  std::uint64_t capacity_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace trama
