// Which parts of a region were accessed at all in this execution: a summary of the shadow, so
// that a part nobody touched need not be searched.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace trama {

class FirstAccesses {
 public:
  /// Watches [low, low + bytes) and nothing else. Without a call every range counts as accessed.
  void watch(std::uintptr_t low, std::size_t bytes) {
    low_ = low;
    bytes_ = bytes;
    accessed_.assign((bytes >> kPartShift) + 1, 0);
  }
  void begin_execution() {
    for (const std::uint32_t part : parts_) accessed_[part] = 0;
    parts_.clear();
  }
  /// Nothing was remembered of these bytes before.
  [[gnu::always_inline]] void note(std::uintptr_t address) {
    const std::uintptr_t offset = address - low_;
    if (__builtin_expect(offset < bytes_, 0)) add(static_cast<std::uint32_t>(offset >> kPartShift));
  }
  /// False only where no byte of the range was accessed.
  [[nodiscard]] bool may_hold(std::uintptr_t address, std::size_t bytes) const {
    const std::uintptr_t offset = address - low_;
    if (offset >= bytes_ || bytes > bytes_ - offset) return true;
    const std::uintptr_t last = (offset + bytes - 1) >> kPartShift;
    for (std::uintptr_t part = offset >> kPartShift; part <= last; ++part) {
      if (accessed_[part] != 0) return true;
    }
    return false;
  }

 private:
  [[gnu::noinline]] void add(std::uint32_t part) {
    if (accessed_[part] != 0) return;
    accessed_[part] = 1;
    parts_.push_back(part);
  }

  static constexpr unsigned kPartShift = 20;

  std::uintptr_t low_ = 0;
  std::size_t bytes_ = 0;
  std::vector<std::uint8_t> accessed_;
  std::vector<std::uint32_t> parts_;  // the accessed ones
};

}  // namespace trama
