#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <vector>

namespace trama {
namespace {

/// xoshiro256** as its authors wrote it, public domain, https://prng.di.unimi.it
struct Reference {
  std::uint64_t s[4];
  static std::uint64_t rotl(std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }
  std::uint64_t next() {
    const std::uint64_t result = rotl(s[1] * 5, 7) * 9;
    const std::uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 45);
    return result;
  }
};

TEST(SplitMix, GivesThePublishedNumbers) {
  std::uint64_t state = 1234567;
  const std::uint64_t expected[] = {6457827717110365317U, 3203168211198807973U,
                                    9817491932198370423U, 4593380528125082431U,
                                    16408922859458223821U};
  for (const std::uint64_t number : expected) EXPECT_EQ(split_mix(state), number);
}

TEST(Prng, IsXoshiroSeededThroughSplitMix) {
  for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}}) {
    Prng prng(seed);
    Reference reference{};
    std::uint64_t state = seed;
    for (auto& word : reference.s) word = split_mix(state);
    for (int i = 0; i < 1000; ++i) ASSERT_EQ(prng.next(), reference.next());
  }
}

TEST(Prng, ReseedingStartsAgain) {
  Prng prng(7);
  const std::uint64_t first = prng.next();
  prng.next();
  prng.reseed(7);
  EXPECT_EQ(prng.next(), first);
  prng.reseed(8);
  EXPECT_NE(prng.next(), first);
}

TEST(Prng, NumbersBelowABoundAreEvenlySpread) {
  for (const std::uint32_t bound : {1U, 2U, 3U, 7U, 10U}) {
    Prng prng(bound);
    std::vector<double> counts(bound);
    constexpr int kRounds = 100'000;
    for (int i = 0; i < kRounds; ++i) {
      const std::uint32_t number = prng.below(bound);
      ASSERT_LT(number, bound);
      ++counts[number];
    }
    double chi_square = 0;
    for (const double count : counts) {
      const double expected = static_cast<double>(kRounds) / bound;
      chi_square += (count - expected) * (count - expected) / expected;
    }
    EXPECT_LT(chi_square, 28) << bound;  // 9 degrees of freedom: exceeded once in a thousand
  }
}

TEST(Prng, ConsecutiveSeedsAreUnrelated) {
  std::set<std::uint64_t> firsts;
  std::array<int, 2> low_bits{};
  for (std::uint64_t seed = 0; seed < 10'000; ++seed) {
    Prng prng(seed);
    firsts.insert(prng.next());
    ++low_bits[prng.below(2)];
  }
  EXPECT_EQ(firsts.size(), 10'000U);
  EXPECT_NEAR(low_bits[0], 5000, 200);
}

TEST(Prng, TheLargestBoundWorks) {
  Prng prng(1);
  std::uint32_t largest = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::uint32_t number = prng.below(0xffffffff);
    largest = number > largest ? number : largest;
  }
  EXPECT_GT(largest, 0xfe000000U);
}

}  // namespace
}  // namespace trama
