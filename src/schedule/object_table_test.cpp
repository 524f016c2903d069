#include "schedule/object_table.hpp"

#include <gtest/gtest.h>

#include <map>
#include <utility>

#include "base/prng.hpp"

namespace trama {
namespace {

TEST(ObjectTable, NumbersObjectsInTheOrderOfFirstUse) {
  ObjectTable table;
  EXPECT_EQ(table.find(0x100), kNoObject);
  EXPECT_EQ(table.find_or_make(0x100, ObjectKind::mutex), 1U);
  EXPECT_EQ(table.find_or_make(0x200, ObjectKind::condition), 2U);
  EXPECT_EQ(table.find_or_make(0x100, ObjectKind::mutex), 1U);
  EXPECT_EQ(table.find(0x200), 2U);
  EXPECT_EQ(table.size(), 2U);
  EXPECT_EQ(table[2].kind, ObjectKind::condition);
  EXPECT_EQ(table[2].address, 0x200U);
}

TEST(ObjectTable, KindsAtOneAddressDoNotDisturbEachOther) {
  // An atomic that threads wait on is a futex too; each keeps its state.
  ObjectTable table;
  const ObjectId futex = table.find_or_make(0x100, ObjectKind::futex);
  table[futex].waiter_count = 3;
  const ObjectId atomic = table.find_or_make(0x100, ObjectKind::atomic);
  EXPECT_NE(atomic, futex);
  EXPECT_EQ(table.find_or_make(0x100, ObjectKind::futex), futex);
  EXPECT_EQ(table[futex].waiter_count, 3U);
  EXPECT_EQ(table.find_or_make(0x100, ObjectKind::atomic), atomic);
}

TEST(ObjectTable, ForgettingAnObjectForgetsItsAddress) {
  ObjectTable table;
  const ObjectId mutex = table.find_or_make(0x100, ObjectKind::mutex);
  table.find_or_make(0x100, ObjectKind::atomic);
  const ObjectId other = table.find_or_make(0x104, ObjectKind::mutex);
  table[mutex].owner = 5;
  table[mutex].depth = 1;
  table.forget(mutex);
  EXPECT_EQ(table.find(0x100), kNoObject);
  EXPECT_EQ(table.find(0x104), other);
  const ObjectId again = table.find_or_make(0x100, ObjectKind::mutex);
  EXPECT_NE(again, mutex);
  EXPECT_EQ(table[again].owner, kNoThread);
  EXPECT_EQ(table[again].depth, 0U);
}

TEST(ObjectTable, ANewObjectHasNothingOfAnEarlierExecution) {
  ObjectTable table;
  const ObjectId id = table.find_or_make(0x100, ObjectKind::mutex);
  VectorClock clock;
  clock.set(3, 7);
  table[id] = {ObjectKind::once, LockKind::recursive, 1, true, 2, 3, 4, 5, 0x100, {1}, {}, {}};
  table[id].clock.assign(clock, 3, 7);
  table[id].robustness = Robustness::lost;
  table.clear();
  EXPECT_EQ(table.size(), 0U);
  EXPECT_EQ(table.find(0x100), kNoObject);
  ASSERT_EQ(table.find_or_make(0x300, ObjectKind::mutex), id);
  const SyncObject& fresh = table[id];
  EXPECT_EQ(fresh.kind, ObjectKind::mutex);
  EXPECT_EQ(fresh.lock_kind, LockKind::normal);
  EXPECT_EQ(fresh.owner, kNoThread);
  EXPECT_FALSE(fresh.done);
  EXPECT_EQ(fresh.depth, 0U);
  EXPECT_EQ(fresh.pending_count, 0U);
  EXPECT_EQ(fresh.waiter_count, 0U);
  EXPECT_EQ(fresh.missed_notify_step, 0U);
  EXPECT_EQ(fresh.address, 0x300U);
  EXPECT_EQ(fresh.robustness, Robustness::none);
  EXPECT_TRUE(fresh.clock.empty());
}

TEST(ObjectTable, ForgetsWhatStandsInFreedMemoryAndNothingBesides) {
  ObjectTable table;
  const ObjectId before = table.find_or_make(0x10fc, ObjectKind::mutex);
  const ObjectId after = table.find_or_make(0x1140, ObjectKind::mutex);
  for (std::uint64_t at = 0x1100; at < 0x1140; at += 4) table.find_or_make(at, ObjectKind::futex);
  table.forget_range(0x1100, 0);
  EXPECT_NE(table.find(0x1100), kNoObject);
  table.forget_range(0x1100, 0x40);
  for (std::uint64_t at = 0x1100; at < 0x1140; at += 4) EXPECT_EQ(table.find(at), kNoObject);
  EXPECT_EQ(table.find(0x10fc), before);
  EXPECT_EQ(table.find(0x1140), after);
  // From the middle of one line to the middle of another; unaligned ends.
  table.find_or_make(0x1120, ObjectKind::mutex);
  table.find_or_make(0x11a0, ObjectKind::mutex);
  const ObjectId outside = table.find_or_make(0x11a4, ObjectKind::mutex);
  table.forget_range(0x1121, 0x11a1 - 0x1121);
  EXPECT_NE(table.find(0x1120), kNoObject);
  EXPECT_EQ(table.find(0x1140), kNoObject);
  EXPECT_EQ(table.find(0x11a0), kNoObject);
  EXPECT_EQ(table.find(0x11a4), outside);
}

TEST(ObjectTable, ForgetsALargeMappingAtOnce) {
  ObjectTable table;
  const ObjectId below = table.find_or_make(0x1000, ObjectKind::mutex);
  table.find_or_make(0x2000, ObjectKind::mutex);
  table.find_or_make(0x2000 + (std::uint64_t{1} << 45U), ObjectKind::mutex);
  const ObjectId above = table.find_or_make(0x2004 + (std::uint64_t{1} << 45U), ObjectKind::mutex);
  // Line by line this would take half an hour.
  table.forget_range(0x2000, (std::uint64_t{1} << 45U) + 4);
  EXPECT_EQ(table.find(0x2000), kNoObject);
  EXPECT_EQ(table.find(0x2000 + (std::uint64_t{1} << 45U)), kNoObject);
  EXPECT_EQ(table.find(0x1000), below);
  EXPECT_EQ(table.find(0x2004 + (std::uint64_t{1} << 45U)), above);
}

TEST(ObjectTable, BehavesLikeAMapThroughGrowthTombstonesAndGenerations) {
  constexpr std::uint64_t kSeed = 2;
  SCOPED_TRACE(kSeed);
  Prng prng(kSeed);
  ObjectTable table;
  using Key = std::pair<std::uint64_t, ObjectKind>;
  for (int execution = 0; execution < 40; ++execution) {
    table.clear();
    std::map<Key, ObjectId> expected;
    ObjectId last = 0;
    const std::uint32_t space = execution % 4 == 0 ? 4000 : 100;
    for (int i = 0; i < 3000; ++i) {
      const std::uint64_t address = 0x7f00'0000'0000 + prng.below(space) * 4;
      const auto kind = static_cast<ObjectKind>(prng.below(3));
      const std::uint32_t what = prng.below(8);
      if (what == 0) {
        const std::uint64_t size = 1 + prng.below(200);
        table.forget_range(address, size);
        expected.erase(expected.lower_bound({address, ObjectKind::mutex}),
                       expected.lower_bound({address + size, ObjectKind::mutex}));
      } else if (what == 1) {
        if (const ObjectId id = table.find(address); id != kNoObject) table.forget(id);
        expected.erase(expected.lower_bound({address, ObjectKind::mutex}),
                       expected.lower_bound({address + 1, ObjectKind::mutex}));
      } else {
        const ObjectId id = table.find_or_make(address, kind);
        const auto [found, made] = expected.try_emplace({address, kind}, last + 1);
        ASSERT_EQ(id, found->second);
        if (made) ++last;
        ASSERT_EQ(table[id].address, address);
        ASSERT_EQ(table[id].kind, kind);
      }
      ASSERT_EQ(table.size(), last);
      const auto at = expected.lower_bound({address, ObjectKind::mutex});
      const bool there = at != expected.end() && at->first.first == address;
      ASSERT_EQ(table.find(address) != kNoObject, there);
    }
  }
}

}  // namespace
}  // namespace trama
