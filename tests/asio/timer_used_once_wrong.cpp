// Once a timer was used, Asio's loop arms one every five minutes for ever: time never stands still.
// All the same nothing will ever come: DEADLOCK.
#include <chrono>

#include "asio.hpp"

namespace {
using net::ip::tcp;
}

int main() {
  net::io_context context(1);
  tcp::acceptor acceptor(context, {tcp::v4(), 8080});
  tcp::socket client(context);
  tcp::socket server(context);
  client.connect(acceptor.local_endpoint());
  acceptor.accept(server);
  net::steady_timer timer(context, std::chrono::milliseconds(10));
  char byte = 0;
  timer.async_wait([&](auto) { server.async_read_some(net::buffer(&byte, 1), [](auto, auto) {}); });
  context.run();  // @run
  return 0;
}

// Expected: DEADLOCK
//   report: @run
