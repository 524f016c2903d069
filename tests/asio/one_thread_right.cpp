// One thread, one io_context: timers, pipes, a read that races with its timeout, cancellation,
// signals, coroutines. Nothing here depends on an order that Asio does not promise.
#include <unistd.h>

#include <cassert>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>

#include "asio.hpp"

namespace {

using namespace std::chrono_literals;

void timers() {
  net::io_context io(1);
  std::string order;
  net::steady_timer slow(io, 30ms);
  net::steady_timer fast(io, 10ms);
  net::steady_timer never(io, 24h);
  slow.async_wait([&](error_code error) {
    assert(!error);
    order += "slow ";
    never.cancel();
  });
  fast.async_wait([&](error_code error) {
    assert(!error);
    order += "fast ";
  });
  never.async_wait([&](error_code error) {
    assert(error == net::error::operation_aborted);
    order += "never";
  });
  const auto start = std::chrono::steady_clock::now();
  io.run();
  assert(order == "fast slow never");
  assert(std::chrono::steady_clock::now() - start < 1s);
}

/// The answer comes after 50 ms or the timeout after 50 ms: either, and never both.
void timeout() {
  net::io_context io(1);
  int ends[2];
  if (pipe(ends) != 0) return;
  net::posix::stream_descriptor input(io, ends[0]);
  net::posix::stream_descriptor output(io, ends[1]);
  std::thread answer([&] {
    std::this_thread::sleep_for(50ms);
    (void)!write(ends[1], "x", 1);
  });
  net::steady_timer limit(io, 50ms);
  char byte = 0;
  bool came = false;
  bool late = false;
  input.async_read_some(net::buffer(&byte, 1), [&](error_code error, std::size_t size) {
    came = !error && size == 1;
    limit.cancel();
  });
  limit.async_wait([&](error_code error) {
    if (error) return;
    late = true;
    input.cancel();
  });
  io.run();
  answer.join();
  assert(came || late);
  assert(!came || byte == 'x');
}

net::awaitable<int> doubled(int value) {
  net::steady_timer timer(co_await net::this_coro::executor, 5ms);
  co_await timer.async_wait(net::use_awaitable);
  co_return 2 * value;
}

void coroutines() {
  net::io_context io(1);
  int sum = 0;
  for (int i = 1; i <= 3; ++i) {
    net::co_spawn(
        io, [i, &sum]() -> net::awaitable<void> { sum += co_await doubled(i); }, net::detached);
  }
  io.run();
  assert(sum == 12);
}

void signals() {
  net::io_context io(1);
  net::signal_set set(io, SIGUSR1);
  int seen = 0;
  set.async_wait([&](error_code error, int signal) { seen = error ? 0 : signal; });
  net::post(io, [] { std::raise(SIGUSR1); });
  io.run();
  assert(seen == SIGUSR1);
}

}  // namespace

int main() {
  timers();
  timeout();
  coroutines();
  signals();
}

// Expected: nothing
