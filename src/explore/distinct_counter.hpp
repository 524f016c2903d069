// DistinctCounter: about how many different fingerprints were seen, in 4 KiB.
//
// HyperLogLog (Flajolet, Fusy, Gandouet, Meunier 2007) with 4096 registers: some 1.6 % off,
// and close to exact below a few thousand, by linear counting.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "base/prng.hpp"

namespace trama {

class DistinctCounter {
 public:
  void add(std::uint64_t fingerprint) {
    const std::uint64_t hash = split_mix(fingerprint);
    const unsigned index = static_cast<unsigned>(hash >> 52U);
    const auto rank =
        static_cast<std::uint8_t>(1 + std::countl_zero((hash << 12U) | (std::uint64_t{1} << 11U)));
    std::uint8_t& place = registers_[index];
    if (rank <= place) return;
    if (place == 0) --zero_count_;
    inverse_sum_ += inverse(rank) - inverse(place);
    place = rank;
  }

  [[nodiscard]] std::uint64_t estimate() const {
    constexpr double kCount = kRegisters;
    const double raw = 0.7213 / (1.0 + 1.079 / kCount) * kCount * kCount / inverse_sum_;
    if (raw <= 2.5 * kCount && zero_count_ != 0) {
      return static_cast<std::uint64_t>(kCount * log(kCount / zero_count_) + 0.5);
    }
    return static_cast<std::uint64_t>(raw + 0.5);
  }

 private:
  static constexpr unsigned kRegisters = 4096;
  static constexpr double inverse(std::uint8_t rank) {
    return 1.0 / static_cast<double>(std::uint64_t{1} << rank);
  }
  /// Natural logarithm for x >= 1, without libm: halving, then the series of artanh.
  static double log(double x) {
    double result = 0;
    while (x > 2.0) {
      x /= 2.0;
      result += 0.6931471805599453;
    }
    const double y = (x - 1.0) / (x + 1.0);
    double power = y;
    for (int i = 1; i < 30; i += 2) {
      result += 2.0 * power / i;
      power *= y * y;
    }
    return result;
  }

  std::array<std::uint8_t, kRegisters> registers_{};
  double inverse_sum_ = kRegisters;
  unsigned zero_count_ = kRegisters;
};

}  // namespace trama
