// A timer that is hours away, and another that ticks meanwhile without anything to be seen: many
// rounds alike, and yet it ends.
#include <chrono>

#include "asio.hpp"

int main() {
  using namespace std::chrono_literals;
  net::io_context context(1);
  net::steady_timer once(context, 1ms);
  once.async_wait([](auto) {});
  context.run();
  context.restart();
  net::steady_timer end(context, 10h);
  bool over = false;
  end.async_wait([&](auto) { over = true; });
  context.run();
  return over ? 0 : 1;
}

// Expected: nothing
