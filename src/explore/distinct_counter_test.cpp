#include "explore/distinct_counter.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/prng.hpp"

namespace trama {
namespace {

double error_of(const DistinctCounter& counter, double count) {
  return std::abs(static_cast<double>(counter.estimate()) - count) / count;
}

TEST(DistinctCounter, CountsNothingAsNothingAndOneAsOne) {
  DistinctCounter counter;
  EXPECT_EQ(counter.estimate(), 0U);
  for (int i = 0; i < 1000; ++i) counter.add(42);
  EXPECT_EQ(counter.estimate(), 1U);
}

TEST(DistinctCounter, IsCloseToExactForFew) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    Prng prng(seed);
    DistinctCounter counter;
    for (int i = 1; i <= 2000; ++i) {
      const std::uint64_t fingerprint = prng.next();
      counter.add(fingerprint);
      counter.add(fingerprint);
      if (i <= 20) {
        EXPECT_NEAR(static_cast<double>(counter.estimate()), i, 1) << seed;
      }
      if (i % 100 == 0) {
        EXPECT_LT(error_of(counter, i), 0.05) << seed;
      }
    }
  }
}

TEST(DistinctCounter, IsSomePercentOffForMany) {
  // 1.04 / sqrt(4096) = 1.6 %; linear counting near its end is worse. Four times that.
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    Prng prng(seed);
    DistinctCounter counter;
    double squares = 0;
    int samples = 0;
    for (int i = 1; i <= 1'000'000; ++i) {
      counter.add(prng.next());
      if (i % 10'000 != 0) continue;
      const double error = error_of(counter, i);
      EXPECT_LT(error, 0.065) << seed << " " << i;
      squares += error * error;
      ++samples;
    }
    EXPECT_LT(std::sqrt(squares / samples), 0.04) << seed;
  }
}

TEST(DistinctCounter, IsNotFooledByRegularNumbers) {
  for (const std::uint64_t stride :
       {std::uint64_t{1}, std::uint64_t{64}, std::uint64_t{1} << 32U}) {
    DistinctCounter counter;
    for (std::uint64_t i = 0; i < 100'000; ++i) counter.add(i * stride);
    EXPECT_LT(error_of(counter, 100'000), 0.065) << stride;
  }
}

TEST(DistinctCounter, DoesNotDependOnTheOrder) {
  DistinctCounter up;
  DistinctCounter down;
  for (std::uint64_t i = 0; i < 50'000; ++i) {
    up.add(i);
    down.add(49'999 - i);
  }
  EXPECT_NEAR(static_cast<double>(up.estimate()), static_cast<double>(down.estimate()), 1);
}

}  // namespace
}  // namespace trama
