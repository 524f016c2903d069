#include "schedule/spin.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace trama {
namespace {

/// One round of `while (!flag.load()) ;`
void round_of_one(Spin& spin, std::uint64_t value = 0) { spin.look(100, 0x10, value); }

TEST(Spin, TheFirstLookIsNoRound) {
  Spin spin;
  EXPECT_FALSE(spin.going_round());
  round_of_one(spin);
  EXPECT_FALSE(spin.going_round());
  EXPECT_FALSE(spin.quiet());
  round_of_one(spin);
  EXPECT_TRUE(spin.going_round());
}

TEST(Spin, ChoicesThinOutButNeverEnd) {
  Spin spin;
  std::vector<int> asked;
  for (int i = 1; i <= 300; ++i) {
    round_of_one(spin);
    if (!spin.quiet()) asked.push_back(i);
  }
  EXPECT_EQ(asked, (std::vector<int>{1, 2, 4, 8, 16, 32, 64, 128, 192, 256}));
}

TEST(Spin, AnotherValueOrAnActionEndsTheLoop) {
  Spin spin;
  for (int i = 0; i < 40; ++i) round_of_one(spin);
  EXPECT_TRUE(spin.ripe());
  round_of_one(spin, 1);
  EXPECT_FALSE(spin.going_round());
  for (int i = 0; i < 40; ++i) round_of_one(spin, 1);
  EXPECT_TRUE(spin.ripe());
  spin.reset();
  EXPECT_FALSE(spin.going_round());
  EXPECT_EQ(spin.rounds(), 0U);
}

TEST(Spin, OtherCallersAreOtherLooks) {
  // Without optimisation each load is made by the same code; what calls it differs.
  Spin spin;
  for (std::uint64_t caller = 0; caller < 50; ++caller) {
    spin.look(caller, 0x10, 0);
    EXPECT_FALSE(spin.going_round()) << caller;
  }
}

TEST(Spin, ALoopBehindStraightCodeIsFound) {
  // Brent: a mark that does not come again is given up for a later one.
  Spin spin;
  for (std::uint64_t i = 0; i < 100; ++i) spin.look(1000 + i, 0x1000 + i, 0);
  unsigned steps = 0;
  while (!spin.ripe() && steps < 10'000) {
    for (std::uint64_t i = 0; i < 5; ++i, ++steps) spin.look(i, 0x10 + i, 0);
  }
  EXPECT_LT(steps, 2000U);
  EXPECT_TRUE(spin.ripe());
}

TEST(Spin, WatchesWhatItLooksAt) {
  Spin spin;
  for (int i = 0; i < 40; ++i) {
    spin.look(1, 0x10, 0);
    spin.look(2, 0x20, 0);
  }
  EXPECT_TRUE(spin.watches(0x10));
  EXPECT_TRUE(spin.watches(0x20));
  EXPECT_FALSE(spin.watches(0x30));
  // More than it can remember: anything may matter.
  Spin many;
  for (int i = 0; i < 3; ++i) {
    for (std::uint64_t at = 0; at < 6; ++at) many.look(at, 0x10 * at, 0);
  }
  EXPECT_TRUE(many.watches(0x999));
}

TEST(Spin, DoubtTakesTwoRoundsMore) {
  Spin spin;
  for (int i = 0; i < 40; ++i) round_of_one(spin);
  spin.set_spinning();
  spin.doubt();
  EXPECT_FALSE(spin.spinning());
  round_of_one(spin);
  EXPECT_FALSE(spin.ripe());
  round_of_one(spin);
  EXPECT_TRUE(spin.ripe());
}

}  // namespace
}  // namespace trama
