// Two coroutines of one thread sell tickets: each looks, awaits, and writes what it had in mind. The
// tasks are Asio's own, and nobody tells the engine of them.
#include <chrono>

#include "asio.hpp"

namespace {

using namespace std::chrono_literals;

int tickets = 2;

net::awaitable<int> look() {
  net::steady_timer pause(co_await net::this_coro::executor, 1s);
  co_await pause.async_wait(net::use_awaitable);
  co_return tickets;
}

net::awaitable<void> sell(int count) {
  const int left = co_await look();
  net::steady_timer pause(co_await net::this_coro::executor, 1s);
  co_await pause.async_wait(net::use_awaitable);
  tickets = left - count;  // @sale
}

}  // namespace

int main() {
  net::io_context io(1);
  net::co_spawn(io, sell(1), net::detached);
  net::co_spawn(io, sell(1), net::detached);
  io.run();
  return tickets == 0 ? 0 : 1;
}

// Expected: EXIT
//   report: @sale
//   report: sell#2 read tickets as 2; then sell wrote 1
