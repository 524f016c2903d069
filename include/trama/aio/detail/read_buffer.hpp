// Bytes that were read ahead: appended at the end, taken from the front.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace trama::aio::detail {

class read_buffer {
 public:
  [[nodiscard]] std::size_t size() const noexcept { return end_ - begin_; }
  [[nodiscard]] std::string_view view() const noexcept { return {data_.get() + begin_, size()}; }

  /// Room for at least kStep bytes behind the last one; `capacity_left` says how many.
  char* room() {
    if (capacity_ - end_ < kStep) make_room();
    return data_.get() + end_;
  }
  [[nodiscard]] std::size_t capacity_left() const noexcept { return capacity_ - end_; }
  void written(std::size_t count) noexcept { end_ += count; }

  void append(std::string_view bytes) {
    while (!bytes.empty()) {
      char* const to = room();
      const std::size_t count = bytes.size() < capacity_left() ? bytes.size() : capacity_left();
      std::memcpy(to, bytes.data(), count);
      written(count);
      bytes.remove_prefix(count);
    }
  }

  /// The first `count` bytes, or all if there are fewer.
  std::string take(std::size_t count) {
    std::string taken(view().substr(0, count));
    begin_ += taken.size();
    if (begin_ == end_) begin_ = end_ = 0;
    return taken;
  }
  void clear() noexcept { begin_ = end_ = 0; }

 private:
  static constexpr std::size_t kStep = 4096;

  void make_room() {
    if (begin_ != 0 && capacity_ - size() >= capacity_ / 2 && capacity_ - size() >= kStep) {
      std::memmove(data_.get(), data_.get() + begin_, size());
    } else {
      const std::size_t bigger = capacity_ == 0 ? 2 * kStep : 2 * capacity_;
      std::unique_ptr<char[]> moved(new char[bigger]);
      if (size() != 0) std::memcpy(moved.get(), data_.get() + begin_, size());
      data_ = std::move(moved);
      capacity_ = bigger;
    }
    end_ = size();
    begin_ = 0;
  }

  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace trama::aio::detail
