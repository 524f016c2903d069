// What looks like a blocked loop and is none: sleeps between two runs of a loop, in a thread of a
// pool's, and in a thread that runs no loop.
#include <unistd.h>

#include <cassert>
#include <chrono>
#include <thread>

#include "asio.hpp"

using namespace std::chrono_literals;

namespace {

/// The second byte comes while nobody runs the loop.
void between_runs() {
  net::io_context io(1);
  int ends[2];
  if (pipe(ends) != 0) return;
  net::posix::stream_descriptor input(io, ends[0]);
  std::thread writer([&] {
    for (int i = 0; i < 2; ++i) {
      std::this_thread::sleep_for(1s);
      (void)!write(ends[1], "x", 1);
    }
    std::this_thread::sleep_for(1h);  // in no loop
  });
  char byte;
  std::size_t count = 0;
  const auto take = [&](error_code, std::size_t size) { count += size; };
  input.async_read_some(net::buffer(&byte, 1), take);
  io.run();
  std::this_thread::sleep_for(5s);
  io.restart();
  input.async_read_some(net::buffer(&byte, 1), take);
  io.run();
  assert(count == 2);
  writer.join();
  close(ends[1]);
}

/// One handler sleeps, the other thread goes on with the loop.
void two_threads() {
  net::io_context io(2);
  net::steady_timer slow(io, 10ms);
  net::steady_timer other(io, 500ms);
  slow.async_wait([](error_code) { std::this_thread::sleep_for(3s); });
  other.async_wait([](error_code) {});
  std::thread second([&] { io.run(); });
  io.run();
  second.join();
}

}  // namespace

int main() {
  between_runs();
  two_threads();
}

// Expected: nothing
