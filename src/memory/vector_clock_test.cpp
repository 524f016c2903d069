#include "memory/vector_clock.hpp"

#include <gtest/gtest.h>

#include <array>

#include "base/prng.hpp"

namespace trama {
namespace {

TEST(VectorClock, MissingEntriesAreZero) {
  VectorClock clock;
  EXPECT_TRUE(clock.empty());
  EXPECT_EQ(clock.at(0), 0U);
  EXPECT_EQ(clock.at(1023), 0U);
  clock.set(5, 7);
  EXPECT_EQ(clock.at(4), 0U);
  EXPECT_EQ(clock.at(5), 7U);
  EXPECT_EQ(clock.at(6), 0U);
  EXPECT_EQ(clock.tick(1000), 1U);
  EXPECT_EQ(clock.tick(1000), 2U);
  EXPECT_EQ(clock.at(5), 7U);
  EXPECT_EQ(clock.at(999), 0U);
}

TEST(VectorClock, JoinTakesTheMaximum) {
  VectorClock a;
  VectorClock b;
  a.set(0, 3);
  a.set(1, 0x80000000U);  // compared unsigned
  b.set(1, 5);
  b.set(20, 9);
  a.join(b);
  EXPECT_EQ(a.at(0), 3U);
  EXPECT_EQ(a.at(1), 0x80000000U);
  EXPECT_EQ(a.at(20), 9U);
  b.join(VectorClock());
  EXPECT_EQ(b.at(20), 9U);
}

TEST(VectorClock, ClearAndAssignLeaveNothingBehind) {
  VectorClock clock;
  for (ThreadId i = 0; i < 30; ++i) clock.set(i, i + 1U);
  clock.clear();
  EXPECT_TRUE(clock.empty());
  clock.set(20, 1);
  for (ThreadId i = 0; i < 20; ++i) EXPECT_EQ(clock.at(i), 0U);
  VectorClock small;
  small.set(2, 4);
  clock.assign(small);
  EXPECT_EQ(clock.at(2), 4U);
  EXPECT_EQ(clock.at(20), 0U);
  const VectorClock copy(clock);
  EXPECT_EQ(copy.at(2), 4U);
}

TEST(VectorClock, LessOrEqual) {
  VectorClock a;
  VectorClock b;
  EXPECT_TRUE(a.less_or_equal(b));
  a.set(9, 1);
  EXPECT_FALSE(a.less_or_equal(b));
  EXPECT_TRUE(b.less_or_equal(a));
  b.set(9, 1);
  EXPECT_TRUE(a.less_or_equal(b));
  b.set(0, 1);
  EXPECT_FALSE(b.less_or_equal(a));
}

TEST(VectorClock, AgreesWithAnArray) {
  constexpr std::size_t kCount = 40;
  using Naive = std::array<std::uint32_t, kCount>;
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    Prng prng(seed);
    std::array<VectorClock, 3> clocks;
    std::array<Naive, 3> naive{};
    const std::uint32_t threads = 1 + prng.below(kCount);
    for (int step = 0; step < 40; ++step) {
      const auto i = prng.below(3);
      const auto j = prng.below(3);
      const auto thread = static_cast<ThreadId>(prng.below(threads));
      switch (prng.below(6)) {
        case 0: clocks[i].set(thread, naive[i][thread] = prng.below(100)); break;
        case 1: EXPECT_EQ(clocks[i].tick(thread), ++naive[i][thread]); break;
        case 2:
          clocks[i].join(clocks[j]);
          for (std::size_t k = 0; k < kCount; ++k) naive[i][k] = std::max(naive[i][k], naive[j][k]);
          break;
        case 3:
          clocks[i].assign(clocks[j]);
          naive[i] = naive[j];
          break;
        case 4:
          if (prng.below(4) == 0) {
            clocks[i].clear();
            naive[i] = {};
          }
          break;
        default: {
          bool below = true;
          for (std::size_t k = 0; k < kCount; ++k) below = below && naive[i][k] <= naive[j][k];
          EXPECT_EQ(clocks[i].less_or_equal(clocks[j]), below) << "seed " << seed;
        }
      }
      for (ThreadId k = 0; k < kCount; ++k) {
        ASSERT_EQ(clocks[i].at(k), naive[i][k]) << "seed " << seed;
      }
    }
  }
}

}  // namespace
}  // namespace trama
