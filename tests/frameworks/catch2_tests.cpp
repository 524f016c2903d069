// The same tests in Catch2.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include "bugs.hpp"

TEST_CASE("keeps the sum") { CHECK(right_sum() == 2); }
TEST_CASE("loses an update") { CHECK(racy_sum() == 2); }
TEST_CASE("checks in one order") { CHECK(order() == 1); }
TEST_CASE("crashes") { crash_in_one_order(); }
TEST_CASE("deadlocks") { deadlock(); }
