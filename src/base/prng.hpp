// Prng: the only source of randomness in Trama.
//
// xoshiro256** by Blackman and Vigna (ACM TOMS 2021), seeded through SplitMix64 as its
// authors advise. Small, fast (below 1 ns a number) and the same on every machine, so a
// seed in a bug report means the same execution everywhere.
#pragma once

#include <array>
#include <cstdint>

namespace trama {

/// Mixes a seed; consecutive seeds give unrelated results (Steele et al., OOPSLA 2014).
constexpr std::uint64_t split_mix(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15U;
  std::uint64_t z = state;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

class Prng {
 public:
  explicit constexpr Prng(std::uint64_t seed = 0) { reseed(seed); }

  constexpr void reseed(std::uint64_t seed) {
    for (auto& word : state_) word = split_mix(seed);
  }

  constexpr std::uint64_t next() {
    const std::uint64_t result = rotate(state_[1] * 5, 7) * 9;
    const std::uint64_t t = state_[1] << 17U;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = rotate(state_[3], 45);
    return result;
  }

  /// A number in [0, bound). Requires: bound > 0. Multiply-shift (Lemire 2019); the bias
  /// for the small bounds used here (threads, steps) is at most bound * 2^-32.
  constexpr std::uint32_t below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(((next() >> 32U) * bound) >> 32U);
  }

 private:
  static constexpr std::uint64_t rotate(std::uint64_t x, unsigned k) {
    return (x << k) | (x >> (64U - k));
  }
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace trama
