// Three threads run one io_context; handlers that must not overlap run in a strand, or do not.
#pragma once

#include <chrono>
#include <thread>
#include <vector>

#include "asio.hpp"

/// What 6 handlers, each of which adds 1, make of 0.
inline int count_with_three_threads(bool in_strand) {
  net::io_context io;
  auto strand = net::make_strand(io);
  int count = 0;
  for (int i = 0; i < 3; ++i) {
    const auto add = [&] { ++count; };
    if (in_strand) {
      net::post(strand, add);
    } else {
      net::post(io, add);
    }
  }
  std::vector<net::steady_timer> timers;
  timers.reserve(3);
  for (int i = 0; i < 3; ++i) {
    timers.emplace_back(io, std::chrono::milliseconds(5));
    const auto add = [&](error_code) { ++count; };
    if (in_strand) {
      timers.back().async_wait(net::bind_executor(strand, add));
    } else {
      timers.back().async_wait(add);
    }
  }
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) threads.emplace_back([&] { io.run(); });
  for (std::thread& thread : threads) thread.join();
  return count;
}
