// What trama::aio adds to Asio: an echo server and 100 connections that send 100 messages each, by
// aio streams and by bare Asio awaitables. Prints, separated by tabs, the best of several rounds in
// microseconds a message: aio, Asio, and the median of the ratios taken round by round.
#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <trama/aio.hpp>
#include <utility>
#include <vector>

namespace {

namespace aio = trama::aio;
namespace asio = boost::asio;
using asio::ip::tcp;

constexpr int kConnections = 100;
constexpr int kMessages = 100;
const std::string kMessage = std::string(63, 'x') + "\n";

// --- trama::aio -------------------------------------------------------------------------------

aio::task<> echo(aio::stream peer) {
  for (std::string line; !(line = co_await peer.read_line()).empty();) {
    co_await peer.write(std::move(line));
  }
}

aio::task<> client(std::uint16_t port) {
  aio::stream peer = co_await aio::open_connection("127.0.0.1", port);
  for (int i = 0; i < kMessages; ++i) {
    co_await peer.write(kMessage);
    (void)co_await peer.read_line();
  }
}

aio::task<> by_aio() {
  aio::server server = co_await aio::start_server(echo, "127.0.0.1", 0);
  std::vector<aio::task<>> clients;
  for (int i = 0; i < kConnections; ++i) clients.push_back(client(server.port()));
  co_await aio::gather(std::move(clients));
  server.close();
  co_await server.wait_closed();
}

// --- bare Asio, with the same executor and the same options -----------------------------------

using executor = asio::io_context::executor_type;
using socket = asio::basic_stream_socket<tcp, executor>;
constexpr asio::use_awaitable_t<executor> use_awaitable;
template <class T = void>
using awaitable = asio::awaitable<T, executor>;

awaitable<std::string> read_line(socket& peer, std::string& ahead) {
  const std::size_t size =
      co_await asio::async_read_until(peer, asio::dynamic_buffer(ahead), '\n', use_awaitable);
  std::string line = ahead.substr(0, size);
  ahead.erase(0, size);
  co_return line;
}

awaitable<> bare_echo(socket peer) {
  peer.set_option(tcp::no_delay(true));
  std::string ahead;
  try {
    for (;;) {
      const std::string line = co_await read_line(peer, ahead);
      co_await asio::async_write(peer, asio::buffer(line), use_awaitable);
    }
  } catch (const boost::system::system_error&) {
  }
}

awaitable<> bare_client(asio::io_context& loop, tcp::endpoint to) {
  socket peer(loop);
  co_await peer.async_connect(to, use_awaitable);
  peer.set_option(tcp::no_delay(true));
  std::string ahead;
  for (int i = 0; i < kMessages; ++i) {
    co_await asio::async_write(peer, asio::buffer(kMessage), use_awaitable);
    (void)co_await read_line(peer, ahead);
  }
}

awaitable<> bare_accept(asio::io_context& loop,
                        asio::basic_socket_acceptor<tcp, executor>& acceptor) {
  for (int i = 0; i < kConnections; ++i) {
    socket peer(loop);
    co_await acceptor.async_accept(peer, use_awaitable);
    asio::co_spawn(loop.get_executor(), bare_echo(std::move(peer)), asio::detached);
  }
}

void by_asio() {
  asio::io_context loop(1);
  asio::basic_socket_acceptor<tcp, executor> acceptor(
      loop, tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0));
  asio::co_spawn(loop.get_executor(), bare_accept(loop, acceptor), asio::detached);
  for (int i = 0; i < kConnections; ++i) {
    asio::co_spawn(loop.get_executor(), bare_client(loop, acceptor.local_endpoint()),
                   asio::detached);
  }
  loop.run();
}

template <class Work>
double microseconds_a_message(Work work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
  return took.count() / (kConnections * kMessages);
}

}  // namespace

int main() {
  std::vector<double> with_aio;
  std::vector<double> bare;
  std::vector<double> ratios;
  for (int round = 0; round < 31; ++round) {
    with_aio.push_back(microseconds_a_message([] { aio::run(by_aio()); }));
    bare.push_back(microseconds_a_message(by_asio));
    ratios.push_back(with_aio.back() / bare.back());
  }
  std::nth_element(ratios.begin(), ratios.begin() + 15, ratios.end());
  std::printf("%.2f\t%.2f\t%.3f\n", *std::min_element(with_aio.begin(), with_aio.end()),
              *std::min_element(bare.begin(), bare.end()), ratios[15]);
}
