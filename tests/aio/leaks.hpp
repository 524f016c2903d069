// Counts what is alive: blocks of operator new (a coroutine's frame is one) and open descriptors.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <trama/aio/run.hpp>
#include <utility>

namespace aio_test {

std::size_t live_blocks();
std::size_t open_descriptors();

/// Runs it as a program would; nothing may be left behind.
template <class Task>
void run_without_leaks(Task (*function)()) {
  trama::aio::run(function());  // what is made once and for all: locales, tables
  const std::size_t blocks = live_blocks();
  const std::size_t descriptors = open_descriptors();
  trama::aio::run(function());
  EXPECT_EQ(live_blocks(), blocks);
  EXPECT_EQ(open_descriptors(), descriptors);
}

}  // namespace aio_test
