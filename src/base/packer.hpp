// Packer, Unpacker: numbers as bytes, for what one process of ours leaves for another.
//
// A number takes as many bytes as it needs, seven bits in each (LEB128). The reader trusts nothing:
// what ends too early, or could not have been written, makes it bad, and all that it gives from
// then on is 0. Whether bytes were damaged on their way is for `checksum` to tell.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace trama {

/// FNV-1a, 64 bits.
constexpr std::uint64_t checksum(std::string_view bytes) {
  std::uint64_t sum = 0xcbf29ce484222325U;
  for (const char c : bytes) {
    sum = (sum ^ static_cast<std::uint8_t>(c)) * 0x100000001b3U;
  }
  return sum;
}

class Packer {
 public:
  explicit Packer(std::string& bytes) : bytes_(bytes) {}

  void put(std::uint64_t value) {
    while (value >= 0x80) {
      bytes_ += static_cast<char>(value | 0x80U);
      value >>= 7U;
    }
    bytes_ += static_cast<char>(value);
  }
  void put_real(double value) { put(std::bit_cast<std::uint64_t>(value)); }

 private:
  std::string& bytes_;
};

class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : rest_(bytes) {}

  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  void fail() { good_ = false; }

  std::uint64_t get() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && good_ && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<std::uint8_t>(rest_.front());
      rest_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return value;
    }
    good_ = false;
    return 0;
  }
  /// A number that is not larger than `most`.
  std::uint64_t get(std::uint64_t most) {
    const std::uint64_t value = get();
    if (value <= most) return value;
    good_ = false;
    return 0;
  }
  /// How many things follow, each of which takes at least one byte.
  std::size_t get_count() { return static_cast<std::size_t>(get(rest_.size())); }
  template <typename Small>
  void get_into(Small& target, std::uint64_t most = static_cast<Small>(~Small{0})) {
    target = static_cast<Small>(get(most));
  }
  double get_real() { return std::bit_cast<double>(get()); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

}  // namespace trama
