// A strand keeps the handlers of three threads apart; so does a pool that is joined.
#include <atomic>
#include <cassert>
#include <optional>

#include "pool.hpp"

namespace {

int add_in_pool() {
  net::thread_pool pool(3);
  std::atomic<int> count = 0;
  for (int i = 0; i < 4; ++i) net::post(pool, [&] { ++count; });
  pool.join();
  return count;
}

/// A coroutine leaves its thread for a pool's, and comes back.
int compute_elsewhere() {
  net::io_context io(1);
  net::thread_pool pool(2);
  std::optional<int> result;
  net::co_spawn(
      io,
      [&]() -> net::awaitable<void> {
        const int answer = co_await net::co_spawn(
            pool, []() -> net::awaitable<int> { co_return 42; }, net::use_awaitable);
        result = answer;
      },
      net::detached);
  io.run();
  pool.join();
  return result.value_or(0);
}

}  // namespace

int main() {
  assert(count_with_three_threads(true) == 6);
  assert(add_in_pool() == 4);
  assert(compute_elsewhere() == 42);
}

// Expected: nothing
