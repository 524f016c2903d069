#include "base/options.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace trama {
namespace {

TEST(Options, HaveTheirDefaults) {
  const Options options;
  EXPECT_EQ(options.executions, 10'000U);
  EXPECT_EQ(options.seed, 0U);
  EXPECT_EQ(options.strategy, "portfolio");
  EXPECT_EQ(options.max_steps, 1'000'000U);
}

TEST(Options, AreSetByTheirFlags) {
  Options options;
  EXPECT_TRUE(set_option(options, "max-steps", "12"));
  EXPECT_EQ(options.max_steps, 12U);
  EXPECT_TRUE(set_option(options, "seed", "18446744073709551615"));
  EXPECT_EQ(options.seed, ~std::uint64_t{0});
  EXPECT_TRUE(set_option(options, "strategy", "pct"));
  EXPECT_EQ(options.strategy, "pct");
  EXPECT_TRUE(set_option(options, "isolate", ""));
  EXPECT_EQ(options.isolate, "");
}

TEST(Options, EveryRowOfTheTableHasAFlagOfItsOwn) {
  std::set<std::string> flags;
#define TRAMA_X(type, identifier, name, value, en, pt)          \
  {                                                             \
    Options options;                                            \
    if constexpr (std::is_same_v<Options::type, bool>) {        \
      EXPECT_FALSE(set_option(options, name, "77")) << (name);  \
      EXPECT_TRUE(set_option(options, name, "true")) << (name); \
    } else {                                                    \
      EXPECT_TRUE(set_option(options, name, "77")) << (name);   \
    }                                                           \
    EXPECT_FALSE(options.identifier == Options{}.identifier);   \
    EXPECT_TRUE(flags.insert(name).second) << (name);           \
    EXPECT_FALSE(std::string_view(en).empty());                 \
    EXPECT_FALSE(std::string_view(pt).empty());                 \
  }
  TRAMA_OPTIONS(TRAMA_X)
#undef TRAMA_X
}

TEST(Options, WhatIsNoNumberIsRefusedAndChangesNothing) {
  for (const char* text : {"", " 5", "5 ", "-5", "+5", "0x10", "5s", "five", "1.0",
                           "18446744073709551616", "99999999999999999999999"}) {
    Options options;
    options.seed = 3;
    EXPECT_FALSE(set_option(options, "seed", text)) << text;
    EXPECT_EQ(options.seed, 3U) << text;
  }
}

TEST(Options, UnknownFlagsAreRefused) {
  Options options;
  for (const char* flag : {"", "Seed", "seeds", "see", "max_steps", "--seed"}) {
    EXPECT_FALSE(set_option(options, flag, "1")) << flag;
  }
}

}  // namespace
}  // namespace trama
