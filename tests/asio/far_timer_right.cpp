// Timers that are months and decades away end, and not much later than they should.
#include <cassert>
#include <chrono>

#include "asio.hpp"

namespace {

using namespace std::chrono_literals;

/// How late a timer ends, as a part of its time.
double lateness(std::chrono::hours time) {
  net::io_context io(1);
  net::steady_timer timer(io, time);
  const auto start = net::steady_timer::clock_type::now();
  bool over = false;
  timer.async_wait([&](error_code error) { over = !error; });
  io.run();
  assert(over);
  const std::chrono::duration<double> taken = net::steady_timer::clock_type::now() - start;
  return taken / std::chrono::duration<double>(time) - 1;
}

}  // namespace

int main() {
  for (const std::chrono::hours time : {20h, 24h * 90, 24h * 365 * 50}) {
    const double late = lateness(time);
    assert(late >= 0 && late < 0.07);
  }
  assert(lateness(20h) < 0.005);
}

// Expected: nothing
