// A file that lives in memory only (memfd_create), inherited by the program under test.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace trama {

class MemoryFile {
 public:
  MemoryFile() = default;
  /// Not closed on exec. Afterwards ok() tells; errno is kept where it failed.
  explicit MemoryFile(const char* name);
  ~MemoryFile();
  MemoryFile(MemoryFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  MemoryFile& operator=(MemoryFile&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }

  [[nodiscard]] bool ok() const { return descriptor_ >= 0; }
  [[nodiscard]] int descriptor() const { return descriptor_; }
  /// Writes at the current offset; false on error.
  bool append(std::string_view text) const;
  bool rewind() const;
  /// The content from `from` on, wherever the offset stands.
  [[nodiscard]] std::string content(long from = 0) const;
  [[nodiscard]] long size() const;

 private:
  int descriptor_ = -1;
};

/// Writes all of it; false with errno set otherwise.
bool write_all(int descriptor, std::string_view text);

}  // namespace trama
