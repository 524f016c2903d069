// stream and open_connection: a TCP connection, asyncio's StreamReader and StreamWriter in one.
//
//   aio::stream peer = co_await aio::open_connection("localhost", 7000);
//   co_await peer.write("hello\n");
//   std::string answer = co_await peer.read_line();
//
// Errors of the network are boost::system::system_error, and what() names the peer. A cancelled
// read loses nothing: what has come is there for the next one. A cancelled write may have been
// written in part.
#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <trama/aio/detail/read_buffer.hpp>
#include <trama/aio/detail/resolve.hpp>
#include <trama/aio/lock.hpp>
#include <trama/aio/use_task.hpp>
#include <utility>

namespace trama::aio {

/// The peer has closed the connection before what was asked for had come.
/// Python: `asyncio.IncompleteReadError`.
class incomplete_read_error : public std::runtime_error {
 public:
  explicit incomplete_read_error(std::string partial)
      : std::runtime_error("trama::aio: the connection ended after " +
                           std::to_string(partial.size()) + " bytes of what was to be read"),
        partial_(std::move(partial)) {}
  /// What had come.
  [[nodiscard]] const std::string& partial() const noexcept { return partial_; }

 private:
  std::string partial_;
};

/// More came than the stream's limit allows, and no separator. Python:
/// `asyncio.LimitOverrunError`.
class limit_overrun_error : public std::runtime_error {
 public:
  limit_overrun_error()
      : std::runtime_error("trama::aio: no separator within the limit of the stream") {}
};

namespace detail {

using tcp_socket =
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

struct stream_state {
  stream_state(tcp_socket connected, const boost::asio::ip::tcp::endpoint& to)
      : socket(std::move(connected)), peer(to) {}

  tcp_socket socket;
  boost::asio::ip::tcp::endpoint peer;
  read_buffer ahead;
  lock writing;
  std::size_t limit = std::size_t{64} * 1024;
  bool reading = false;
  bool at_end = false;
};

/// One reader at a time.
class reading_turn {
 public:
  explicit reading_turn(stream_state& read) : state_(&read) {
    if (read.reading) throw std::logic_error("trama::aio: two tasks read one stream");
    read.reading = true;
  }
  reading_turn(const reading_turn&) = delete;
  reading_turn& operator=(const reading_turn&) = delete;
  ~reading_turn() { state_->reading = false; }

 private:
  stream_state* state_;
};

[[noreturn]] inline void throw_with_peer(const boost::system::error_code& error, const char* what,
                                         const stream_state& stream) {
  throw boost::system::system_error(plain(error), std::string(what) + " " + to_text(stream.peer));
}

}  // namespace detail

/// A connection. Destroying it closes it. Python: `StreamReader` and `StreamWriter`.
class [[nodiscard]] stream {
 public:
  static constexpr std::size_t all = ~std::size_t{0};

  stream(stream&&) noexcept = default;
  stream& operator=(stream&& other) noexcept {
    close();
    state_ = std::move(other.state_);
    return *this;
  }
  ~stream() { close(); }

  /// Up to `count` bytes as soon as there are any; "" at the end. Without `count`, everything until
  /// the end. Python: the same.
  task<std::string> read(std::size_t count = all) {
    return read_up_to(state(), count).labelled("read");
  }

  /// Exactly `count` bytes, or incomplete_read_error. Python: `readexactly`.
  task<std::string> read_exactly(std::size_t count) {
    return read_count(state(), count).labelled("read_exactly");
  }

  /// The next line with its "\n"; what is left if the end comes first, so "" at the end.
  /// Python: `readline`.
  task<std::string> read_line() { return next_until(state(), "\n", false).labelled("read_line"); }

  /// Everything up to `separator`, and that too, or incomplete_read_error. Python: `readuntil`.
  task<std::string> read_until(std::string separator) {
    if (separator.empty()) throw std::invalid_argument("trama::aio: read_until nothing");
    return next_until(state(), std::move(separator), true).labelled("read_until");
  }

  /// Writes all of it; several tasks take turns. Python: `write` and `await drain()`.
  task<void> write(std::string bytes) { return put(state(), std::move(bytes)).labelled("write"); }

  /// Tells the peer that nothing more will come. Python: the same.
  void write_eof() {
    boost::system::error_code ignored;
    state()->socket.shutdown(boost::asio::socket_base::shutdown_send, ignored);
  }

  /// Whether the peer has said so, and all that it has sent was read. Python: the same.
  [[nodiscard]] bool at_eof() const { return state()->at_end && state()->ahead.size() == 0; }

  /// Ends the connection, and what other tasks are doing with it: that throws. Harmless if it is
  /// closed. Python: `close` and `await wait_closed()`.
  void close() noexcept {
    if (!state_) return;
    boost::system::error_code ignored;
    state_->socket.close(ignored);
    state_.reset();
  }
  [[nodiscard]] bool is_open() const noexcept { return state_ != nullptr; }

  /// How much read_line and read_until take without a separator. Python: `limit=`.
  void set_limit(std::size_t bytes) { state()->limit = bytes; }

  /// "127.0.0.1:7000". Python: `get_extra_info("peername")`.
  [[nodiscard]] std::string peer() const { return detail::to_text(state()->peer); }

  /// For its options. Python: `get_extra_info("socket")`.
  [[nodiscard]] detail::tcp_socket& socket() { return state()->socket; }

  // --- for the library ----------------------------------------------------------------------
  stream(detail::tcp_socket connected, const boost::asio::ip::tcp::endpoint& peer)
      : state_(std::make_shared<detail::stream_state>(std::move(connected), peer)) {
    boost::system::error_code ignored;  // As asyncio has it.
    state_->socket.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  }

 private:
  // Each operation has the state for itself: another task may close the stream meanwhile.
  using state_ptr = std::shared_ptr<detail::stream_state>;

  [[nodiscard]] const state_ptr& state() const {
    if (!state_) throw std::logic_error("trama::aio: the stream is closed");
    return state_;
  }

  // More bytes into the buffer; none are there only at the end.
  static auto receive(detail::stream_state& from) {
    char* const room = from.ahead.room();
    return from.socket.async_read_some(boost::asio::buffer(room, from.ahead.capacity_left()),
                                       use_task);
  }
  static bool is_end(const boost::system::system_error& error, detail::stream_state& from) {
    if (error.code() != boost::asio::error::eof) {
      detail::throw_with_peer(error.code(), "cannot read from", from);
    }
    from.at_end = true;
    return true;
  }

  static task<std::string> read_up_to(state_ptr from, std::size_t count) {
    const detail::reading_turn turn(*from);
    try {
      while (!from->at_end && (count == all || (from->ahead.size() == 0 && count != 0))) {
        from->ahead.written(co_await receive(*from));
      }
    } catch (const boost::system::system_error& error) {
      is_end(error, *from);
    }
    co_return from->ahead.take(count);
  }

  static task<std::string> read_count(state_ptr from, std::size_t count) {
    const detail::reading_turn turn(*from);
    try {
      while (!from->at_end && from->ahead.size() < count) {
        from->ahead.written(co_await receive(*from));
      }
    } catch (const boost::system::system_error& error) {
      is_end(error, *from);
    }
    if (from->ahead.size() < count) throw incomplete_read_error(from->ahead.take(all));
    co_return from->ahead.take(count);
  }

  static task<std::string> next_until(state_ptr from, std::string separator, bool is_needed) {
    const detail::reading_turn turn(*from);
    std::size_t searched = 0;
    try {
      for (;;) {
        const std::string_view seen = from->ahead.view();
        const std::size_t found = seen.find(separator, searched);
        if (found != std::string_view::npos) co_return from->ahead.take(found + separator.size());
        if (from->at_end) break;
        if (seen.size() > from->limit) throw limit_overrun_error();
        searched = seen.size() < separator.size() ? 0 : seen.size() - separator.size() + 1;
        from->ahead.written(co_await receive(*from));
      }
    } catch (const boost::system::system_error& error) {
      is_end(error, *from);
    }
    std::string rest = from->ahead.take(all);
    if (is_needed) throw incomplete_read_error(std::move(rest));
    co_return rest;
  }

  static task<void> put(state_ptr into, std::string bytes) {
    const auto turn = co_await into->writing.scoped();
    try {
      co_await boost::asio::async_write(into->socket, boost::asio::buffer(bytes), use_task);
    } catch (const boost::system::system_error& error) {
      detail::throw_with_peer(error.code(), "cannot write to", *into);
    }
  }

  state_ptr state_;
};

namespace detail {

inline task<stream> connect_to(std::string host, std::uint16_t port) {
  const endpoints found = co_await resolve(host, port, false);
  boost::system::error_code last = boost::asio::error::host_not_found;
  for (const auto& endpoint : found) {
    tcp_socket socket(loop::current().context());
    try {
      co_await socket.async_connect(endpoint, use_task);
      co_return stream(std::move(socket), endpoint);
    } catch (const boost::system::system_error& error) {
      last = error.code();
    }
  }
  throw boost::system::system_error(plain(last), "cannot connect to " + host_and_port(host, port));
}

}  // namespace detail

/// Connects to a host, by name or address; tries all its addresses, in turn.
/// Python: `asyncio.open_connection(host, port)`.
inline task<stream> open_connection(std::string host, std::uint16_t port) {
  return detail::connect_to(std::move(host), port).labelled("open_connection");
}

}  // namespace trama::aio
