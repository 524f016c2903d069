// The same tests in doctest.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include "bugs.hpp"

TEST_SUITE("account") {
  TEST_CASE("keeps the sum") { CHECK(right_sum() == 2); }
  TEST_CASE("loses an update") { CHECK(racy_sum() == 2); }
  TEST_CASE("checks in one order") { CHECK(order() == 1); }
  TEST_CASE("crashes") { crash_in_one_order(); }
  TEST_CASE("deadlocks") { deadlock(); }
}
