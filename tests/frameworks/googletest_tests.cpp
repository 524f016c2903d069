// Tests of GoogleTest's with bugs that depend on the order of threads.
#include <gtest/gtest.h>

#include <cstdlib>
#include <mutex>
#include <thread>

#include "bugs.hpp"

TEST(Account, KeepsTheSum) { EXPECT_EQ(right_sum(), 2); }
TEST(Account, LosesAnUpdate) { EXPECT_EQ(racy_sum(), 2); }
TEST(Account, ChecksInOneOrder) { EXPECT_EQ(order(), 1); }
TEST(Account, Crashes) { crash_in_one_order(); }
TEST(Account, Deadlocks) { deadlock(); }

class Counts : public testing::TestWithParam<int> {};
TEST_P(Counts, AreOrdered) { EXPECT_EQ(order(), GetParam()); }
INSTANTIATE_TEST_SUITE_P(Small, Counts, testing::Values(1, 3));
