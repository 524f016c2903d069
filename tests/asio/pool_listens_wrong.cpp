// Two threads run a loop that waits for a connection which nobody makes: the report names the
// listener, not what the loop wakes itself by.
#include <chrono>
#include <thread>

#include "asio.hpp"

using net::ip::tcp;

int main() {
  net::io_context context;
  tcp::acceptor acceptor(context, {tcp::v4(), 8080});
  tcp::socket server(context);
  net::steady_timer timer(context, std::chrono::milliseconds(10));
  timer.async_wait([&](auto) { acceptor.async_accept(server, [](auto) {}); });
  std::thread other([&] { context.run(); });
  context.run();
  other.join();
  return 0;
}

// Expected: DEADLOCK
//   report: polls 0.0.0.0:8080
