#include "schedule/thread_set.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "base/prng.hpp"

namespace trama {
namespace {

std::vector<ThreadId> members(const ThreadSet& set) {
  std::vector<ThreadId> all;
  set.for_each([&](ThreadId thread) { all.push_back(thread); });
  return all;
}

TEST(ThreadSet, IsEmptyAtFirst) {
  const ThreadSet set;
  EXPECT_EQ(set.count(), 0U);
  EXPECT_TRUE(members(set).empty());
  EXPECT_FALSE(set.contains(0));
  EXPECT_FALSE(set.contains(1023));
}

TEST(ThreadSet, InsertAndEraseAreIdempotent) {
  ThreadSet set;
  set.insert(63);
  set.insert(63);
  EXPECT_EQ(set.count(), 1U);
  set.erase(64);
  EXPECT_EQ(set.count(), 1U);
  set.erase(63);
  set.erase(63);
  EXPECT_EQ(set.count(), 0U);
}

TEST(ThreadSet, ClearForgetsTheHighestWordToo) {
  ThreadSet set;
  set.insert(1023);
  set.insert(0);
  set.erase(0);
  set.clear();
  EXPECT_EQ(set.count(), 0U);
  set.insert(1022);
  EXPECT_EQ(members(set), std::vector<ThreadId>{1022});
  EXPECT_EQ(set.first(), 1022);
}

TEST(ThreadSet, BehavesLikeAnOrderedSet) {
  constexpr std::uint64_t kSeed = 1;
  SCOPED_TRACE(kSeed);
  Prng prng(kSeed);
  ThreadSet set;
  std::set<ThreadId> expected;
  for (int i = 0; i < 20'000; ++i) {
    const auto thread = static_cast<ThreadId>(prng.below(prng.below(2) == 0 ? 70 : 1024));
    switch (prng.below(i % 2000 < 1000 ? 3 : 2)) {
      case 1:
        set.erase(thread);
        expected.erase(thread);
        break;
      default: set.insert(thread); expected.insert(thread);
    }
    if (prng.below(500) == 0) {
      set.clear();
      expected.clear();
    }
    ASSERT_EQ(set.count(), expected.size());
    ASSERT_EQ(set.contains(thread), expected.count(thread) != 0);
    if (!expected.empty()) {
      ASSERT_EQ(set.first(), *expected.begin());
    }
    if (i % 50 == 0) {
      ASSERT_EQ(members(set), std::vector<ThreadId>(expected.begin(), expected.end()));
    }
  }
}

}  // namespace
}  // namespace trama
