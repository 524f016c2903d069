// A coroutine sleeps with its thread: the other one, whose time has come, waits as well.
#include <chrono>
#include <thread>

#include "asio.hpp"

using namespace std::chrono_literals;

namespace {

net::awaitable<void> boil(std::chrono::milliseconds time) {
  net::steady_timer timer(co_await net::this_coro::executor, time);
  co_await timer.async_wait(net::use_awaitable);
}

net::awaitable<void> toast() {
  co_await boil(100ms);
  std::this_thread::sleep_for(3s);  // @sleep
}

}  // namespace

int main() {
  net::io_context io(1);
  net::co_spawn(io, boil(1s), net::detached);
  net::co_spawn(io, toast(), net::detached);
  io.run();
}

// Expected: BLOCKED-LOOP
//   report: @sleep
//   report: boil     │ toast
