// Tasks of Asio in all ways that they come: one inside another, after another in the same memory, in
// a pool, a lambda, one that throws, one that never ends. It fails, so that it is recorded; what
// stands in the trace is looked at by check_tasks.py.
#include <chrono>
#include <cstdio>
#include <stdexcept>

#include "../asio.hpp"
#ifdef TRAMA_ASIO_ALONE
#include <asio/experimental/awaitable_operators.hpp>
#else
#include <boost/asio/experimental/awaitable_operators.hpp>
#endif

namespace {

using namespace std::chrono_literals;
using namespace net::experimental::awaitable_operators;

net::awaitable<void> nap(std::chrono::milliseconds time) {
  net::steady_timer timer(co_await net::this_coro::executor, time);
  co_await timer.async_wait(net::use_awaitable);
}

net::awaitable<int> fibonacci(int n) {
  if (n < 2) {
    co_await nap(1ms);
    co_return n;
  }
  const int first = co_await fibonacci(n - 1);
  co_return first + co_await fibonacci(n - 2);
}

net::awaitable<void> fail() {
  co_await nap(2ms);
  throw std::runtime_error("no");
}

net::awaitable<void> guard() {
  try {
    co_await fail();
  } catch (const std::exception& error) {
    std::printf("guard: %s\n", error.what());
  }
  co_await nap(1ms);
}

net::awaitable<void> both() {
  co_await (nap(3ms) && nap(4ms));
  const auto first = co_await (nap(3ms) || nap(10ms));
  std::printf("both: %zu\n", first.index());
}

net::awaitable<void> quick() {
  std::printf("quick:\n");
  co_return;
}

net::awaitable<void> spawn_more() {
  auto executor = co_await net::this_coro::executor;
  for (int i = 0; i < 3; ++i) {
    net::co_spawn(executor, quick(), net::detached);
    co_await nap(1ms);
  }
  const int value = co_await net::co_spawn(executor, fibonacci(3), net::use_awaitable);
  std::printf("spawn_more: %d\n", value);
}

net::awaitable<void> endless() { co_await nap(std::chrono::hours(100)); }

}  // namespace

int main() {
  {
    net::io_context io(1);
    net::co_spawn(io, guard(), net::detached);
    net::co_spawn(io, both(), net::detached);
    net::co_spawn(io, spawn_more(), net::detached);
    const auto lambda = []() -> net::awaitable<void> {
      co_await nap(1ms);
      std::printf("main::λ:\n");
    };
    net::co_spawn(io, lambda, net::detached);
    net::co_spawn(io, endless(), net::detached);
    io.run_for(1s);
  }
  net::thread_pool pool(2);
  auto strand = net::make_strand(pool);
  int count = 0;
  for (int i = 0; i < 2; ++i) {
    const auto lambda = [&]() -> net::awaitable<void> {
      ++count;
      co_await nap(1ms);
      ++count;
      std::printf("main::λ: %d\n", count);
    };
    net::co_spawn(strand, lambda, net::detached);
  }
  pool.join();
  return 1;
}
