#include "explore/bounded_spin.hpp"

#include <gtest/gtest.h>

namespace trama {
namespace {

constexpr ThreadId kThread = 1;
constexpr std::uint64_t kPlace = 100;
constexpr std::uint64_t kPeeled = 101;  // the same look, where the compiler made a first one of it
constexpr std::uint64_t kExchange = 102;
constexpr std::uint64_t kAtomic = 0x10;

BoundedSpin::Look load(std::uint64_t code, std::uint64_t address = kAtomic) {
  return {code, address, true, kNoNode};
}
BoundedSpin::Look exchange(std::uint64_t code) { return {code, kAtomic, false, kNoNode}; }

class Spin : public ::testing::Test {
 protected:
  /// Makes the look, unless it repeats another: the node of that, else kNoNode.
  NodeId look(const BoundedSpin::Look& at) {
    const NodeId before = spin.arrive(kThread, at);
    if (before == kNoNode) spin.note_look(kThread, ++node);
    return before;
  }
  void rounds(unsigned count, unsigned with_yield, std::uint64_t first = kPlace) {
    for (unsigned i = 0; i < count + with_yield; ++i) {
      look(load(i == 0 ? first : kPlace));
      if (i >= count) spin.note_yield(kThread);
    }
  }

  BoundedSpin spin;
  NodeId node = 0;
};

TEST_F(Spin, IsKnownByItsRounds) {
  rounds(12, 4);
  EXPECT_TRUE(spin.places().empty());
  EXPECT_TRUE(spin.note_end(kThread));
  EXPECT_EQ(spin.places(), std::vector<std::uint64_t>{kPlace});
}

TEST_F(Spin, IsKnownWhereItsFirstLookStandsElsewhere) {
  look(load(7));  // of what it then waits for
  rounds(12, 4, kPeeled);
  EXPECT_TRUE(spin.note_end(kThread));
  EXPECT_EQ(spin.places(), (std::vector<std::uint64_t>{kPlace, kPeeled}));
}

TEST_F(Spin, IsKnownByAnotherLookBehindIt) {
  rounds(12, 4);
  EXPECT_FALSE(spin.ends_by(kThread, load(kPlace)));
  EXPECT_TRUE(spin.ends_by(kThread, load(kPlace + 50)));
}

TEST_F(Spin, IsNoLoopWithOtherRounds) {
  rounds(11, 4);
  EXPECT_FALSE(spin.note_end(kThread));
  rounds(13, 4);
  EXPECT_FALSE(spin.note_end(kThread));
  rounds(12, 5);
  EXPECT_FALSE(spin.note_end(kThread));
  rounds(12, 3);
  EXPECT_FALSE(spin.note_end(kThread));
}

TEST_F(Spin, IsNoneWhereAnythingElseIsDone) {
  rounds(12, 2);
  EXPECT_FALSE(spin.note_end(kThread));
  rounds(0, 2);
  EXPECT_FALSE(spin.note_end(kThread));
}

TEST_F(Spin, IsNoneAtTwoAtomics) {
  for (unsigned i = 0; i < 16; ++i) {
    look(load(kPlace, i % 2 == 0 ? kAtomic : 0x20));
    if (i >= 12) spin.note_yield(kThread);
  }
  EXPECT_FALSE(spin.note_end(kThread));
}

TEST_F(Spin, GivesTheOtherRoundsWhatTheFirstFound) {
  spin.learn(kPlace);
  EXPECT_EQ(look(load(kPlace)), kNoNode);
  for (unsigned i = 1; i < 16; ++i) EXPECT_EQ(look(load(kPlace)), 1U);
  EXPECT_EQ(look(load(kPlace)), kNoNode) << "another spin";
  EXPECT_EQ(look(load(kPlace)), 2U);
}

TEST_F(Spin, HasExchangesInItsRounds) {
  spin.learn(kPlace);
  EXPECT_EQ(look(load(kPlace)), kNoNode);
  EXPECT_EQ(look(exchange(kExchange)), kNoNode);
  EXPECT_EQ(look(load(kPlace)), 1U);
  EXPECT_EQ(look(exchange(kExchange)), 2U);
  EXPECT_EQ(look(load(kPlace)), 1U);
}

TEST_F(Spin, IsOverWhereAnythingElseIsDone) {
  spin.learn(kPlace);
  look(load(kPlace));
  EXPECT_FALSE(spin.note_end(kThread));
  EXPECT_EQ(look(load(kPlace)), kNoNode);
  EXPECT_EQ(look(load(kPlace + 50)), kNoNode);
  EXPECT_EQ(look(load(kPlace)), kNoNode) << "behind another look";
}

}  // namespace
}  // namespace trama
