// start_server: a task for each connection.
//
//   aio::task<> echo(aio::stream peer) {
//     for (std::string line; !(line = co_await peer.read_line()).empty();) co_await peer.write(line);
//   }
//   aio::server server = co_await aio::start_server(echo, "127.0.0.1", 7000);
//   co_await server.serve_forever();
#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <trama/aio/create_task.hpp>
#include <trama/aio/event.hpp>
#include <trama/aio/sleep.hpp>
#include <trama/aio/stream.hpp>
#include <utility>
#include <vector>

namespace trama::aio {

namespace detail {

using tcp_acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp,
                                                        boost::asio::io_context::executor_type>;

/// What the server, the tasks that accept and those of connections share.
struct server_state {
  std::vector<tcp_acceptor> acceptors;
  std::size_t tasks = 0;
  bool closed = false;
  event closing;
  event all_gone;

  void close() noexcept {
    if (closed) return;
    closed = true;
    boost::system::error_code ignored;
    for (tcp_acceptor& each : acceptors) each.close(ignored);
    closing.set();
    if (tasks == 0) all_gone.set();
  }
};

/// One of the tasks that wait_closed waits for.
class server_task {
 public:
  explicit server_task(std::shared_ptr<server_state> of) noexcept : state_(std::move(of)) {
    ++state_->tasks;
  }
  server_task(server_task&&) noexcept = default;
  ~server_task() {
    if (state_ && --state_->tasks == 0 && state_->closed) state_->all_gone.set();
  }
  server_state& operator*() const noexcept { return *state_; }
  server_state* operator->() const noexcept { return state_.get(); }
  [[nodiscard]] const std::shared_ptr<server_state>& state() const noexcept { return state_; }

 private:
  std::shared_ptr<server_state> state_;
};

template <class Handler>
task<void> serve_one(server_task, std::shared_ptr<Handler> handler, stream peer) {
  co_await (*handler)(std::move(peer));
}

// Out of descriptors or memory: others may give some back. As asyncio, tries again in a second.
inline bool will_pass(const boost::system::error_code& error) noexcept {
  return error == boost::asio::error::no_descriptors || error == boost::asio::error::no_memory ||
         error == boost::asio::error::no_buffer_space ||
         error == boost::system::errc::too_many_files_open_in_system;
}

inline task<void> accept_into(tcp_acceptor& acceptor, tcp_socket& socket,
                              boost::asio::ip::tcp::endpoint& from) {
  co_await acceptor.async_accept(socket, from, use_task);
}

template <class Handler>
task<void> accept_all(server_task self, std::size_t which, std::shared_ptr<Handler> handler) {
  tcp_acceptor& acceptor = self->acceptors[which];
  while (!self->closed) {
    boost::system::error_code failed;
    try {
      boost::asio::ip::tcp::endpoint from;
      tcp_socket socket(loop::current().context());
      co_await accept_into(acceptor, socket, from).labelled("accept");
      if (self->closed) break;
      create_task(serve_one(server_task(self.state()), handler, stream(std::move(socket), from)),
                  "connection from " + to_text(from));
    } catch (const boost::system::system_error& error) {
      failed = error.code();
    }
    if (!failed || self->closed || failed == boost::asio::error::connection_aborted) continue;
    if (!will_pass(failed)) throw boost::system::system_error(plain(failed), "cannot accept");
    std::fprintf(stderr, "trama::aio: cannot accept: %s; trying again in a second\n",
                 failed.message().c_str());
    co_await sleep(std::chrono::seconds(1));
  }
}

inline tcp_acceptor listen_on(const boost::asio::ip::tcp::endpoint& endpoint) {
  tcp_acceptor acceptor(loop::current().context());
  acceptor.open(endpoint.protocol());
  acceptor.set_option(boost::asio::socket_base::reuse_address(true));
  if (endpoint.address().is_v6()) acceptor.set_option(boost::asio::ip::v6_only(true));
  acceptor.bind(endpoint);
  acceptor.listen();
  return acceptor;
}

}  // namespace detail

/// Listens, until it is closed or destroyed; the connections there are go on.
/// Python: `asyncio.Server`.
class [[nodiscard]] server {
 public:
  server(server&&) noexcept = default;
  server& operator=(server&& other) noexcept {
    close();
    state_ = std::move(other.state_);
    port_ = other.port_;
    return *this;
  }
  ~server() { close(); }

  /// The port, also where 0 was asked for. Python: `sockets[0].getsockname()[1]`.
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

  /// Accepts nothing more. Python: the same.
  void close() noexcept {
    if (state_) state_->close();
  }
  [[nodiscard]] bool is_serving() const noexcept { return state_ && !state_->closed; }

  /// Waits until it is closed and the handlers of all connections have ended. Python: the same.
  task<void> wait_closed() { return closed_of(state_).labelled("server.wait_closed"); }

  /// Waits until it is closed; closes it when the one who waits is cancelled. Python: the same.
  task<void> serve_forever() { return serve(state_).labelled("serve_forever"); }

  // --- for the library ----------------------------------------------------------------------
  server(std::shared_ptr<detail::server_state> state, std::uint16_t port) noexcept
      : state_(std::move(state)), port_(port) {}

 private:
  using state_ptr = std::shared_ptr<detail::server_state>;

  static task<void> closed_of(state_ptr state) { co_await state->all_gone.wait(); }
  static task<void> serve(state_ptr state) {
    struct close_at_end {
      explicit close_at_end(detail::server_state& of) noexcept : state(of) {}
      close_at_end(const close_at_end&) = delete;
      ~close_at_end() { state.close(); }
      detail::server_state& state;
    } const end(*state);
    co_await state->closing.wait();
  }

  state_ptr state_;
  std::uint16_t port_;
};

namespace detail {

template <class Handler>
task<server> listen_and_serve(Handler handler, std::string host, std::uint16_t port) {
  endpoints found = co_await resolve(host, port, true);
  auto state = std::make_shared<server_state>();
  boost::system::error_code last = boost::asio::error::host_not_found;
  for (auto endpoint : found) {
    // All addresses of a name get the port that the first one was given.
    if (port == 0 && !state->acceptors.empty()) {
      endpoint.port(state->acceptors.front().local_endpoint().port());
    }
    try {
      state->acceptors.push_back(listen_on(endpoint));
    } catch (const boost::system::system_error& error) {
      last = error.code();
      const bool is_missing = last == boost::asio::error::address_family_not_supported ||
                              last == boost::system::errc::address_not_available;
      if (!is_missing) {
        state->acceptors.clear();
        break;
      }
    }
  }
  if (state->acceptors.empty()) {
    throw boost::system::system_error(plain(last), "cannot listen on " + host_and_port(host, port));
  }
  const std::uint16_t bound = state->acceptors.front().local_endpoint().port();
  const auto shared = std::make_shared<Handler>(std::move(handler));
  for (std::size_t i = 0; i < state->acceptors.size(); ++i) {
    create_task(accept_all(server_task(state), i, shared), "server " + host_and_port(host, bound));
  }
  co_return server(std::move(state), bound);
}

}  // namespace detail

/// Listens on `host` (a name, an address, or "" for all of this machine) and calls
/// `handler(stream)` in a new task for each connection; an exception of it is reported on stderr.
/// Port 0: any that is free. Python: `asyncio.start_server(handler, host, port)`.
template <class Handler>
requires std::invocable<Handler&, stream> task<server> start_server(Handler handler,
                                                                    std::string host,
                                                                    std::uint16_t port) {
  return detail::listen_and_serve(std::move(handler), std::move(host), port)
      .labelled("start_server");
}

}  // namespace trama::aio
