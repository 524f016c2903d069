// trama/http/connection.hpp: bytes to and from one server; what TLS replaces.
//
// Everything is awaited by aio::use_task, so it can be cancelled at every await, and what is
// cancelled closes its socket on the way out.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "trama/aio.hpp"
#include "trama/http/error.hpp"
#include "trama/http/url.hpp"

namespace trama::http::detail {

using tcp = boost::asio::ip::tcp;

/// A connection that is open; closed by its destructor.
class connection {
 public:
  virtual ~connection() = default;
  virtual aio::task<void> write(std::string text) = 0;
  /// Some bytes; none at the end. Throws boost::system::system_error.
  virtual aio::task<std::size_t> read(boost::asio::mutable_buffer into) = 0;
};

/// Over any stream of Asio's: a socket, or TLS on a socket.
template <class Stream>
class stream_connection final : public connection {
 public:
  explicit stream_connection(Stream stream) : stream_(std::move(stream)) {}

  aio::task<void> write(std::string text) override {
    co_await boost::asio::async_write(stream_, boost::asio::buffer(text), aio::use_task);
  }

  aio::task<std::size_t> read(boost::asio::mutable_buffer into) override {
    std::size_t count = 0;
    try {
      count = co_await stream_.async_read_some(into, aio::use_task);
    } catch (const boost::system::system_error& failure) {
      if (failure.code() != boost::asio::error::eof) throw;  // 0 bytes tell it
    }
    co_return count;
  }

 private:
  Stream stream_;
};

/// What trama/https.hpp brings: TLS on a socket that is connected.
struct tls_settings {
  bool verify;
  std::string ca_file;
};
using tls_starter = aio::task<std::unique_ptr<connection>> (*)(tcp::socket, url to, tls_settings);
inline tls_starter g_start_tls = nullptr;

/// The addresses of a host. A name is looked up by a thread of Asio's, which nobody can interrupt:
/// cancelled, the await ends at once and the answer, when it comes, finds nobody.
inline aio::task<tcp::resolver::results_type> look_up(std::string host, std::string port) {
  struct Search {
    explicit Search(boost::asio::io_context& loop) : resolver(loop) {}
    tcp::resolver resolver;
    aio::event answered;
    boost::system::error_code failure;
    tcp::resolver::results_type found;
  };
  auto search = std::make_shared<Search>(aio::this_loop());
  search->resolver.async_resolve(
      host, port,
      [search](const boost::system::error_code& failure, tcp::resolver::results_type found) {
        search->failure = failure;
        search->found = std::move(found);
        search->answered.set();
      });
  co_await search->answered.wait();
  if (search->failure) throw boost::system::system_error(search->failure);
  co_return search->found;
}

inline aio::task<tcp::resolver::results_type> addresses(std::string host, std::string port) {
  boost::system::error_code no_address;
  const auto address = boost::asio::ip::make_address(host, no_address);
  if (!no_address) {
    const tcp::endpoint endpoint(address, static_cast<unsigned short>(std::stoi(port)));
    co_return tcp::resolver::results_type::create(endpoint, host, port);
  }
  co_return co_await look_up(std::move(host), std::move(port));
}

/// The error of the last address is thrown when none of them answers.
inline aio::task<tcp::socket> connect_to_any(tcp::resolver::results_type candidates) {
  boost::system::error_code failure = boost::asio::error::host_not_found;
  for (const auto& candidate : candidates) {
    tcp::socket socket(aio::this_loop());
    const tcp::endpoint endpoint = candidate.endpoint();
    try {
      co_await socket.async_connect(endpoint, aio::use_task);
      co_return socket;
    } catch (const boost::system::system_error& refused) {
      failure = refused.code();
    }
  }
  throw boost::system::system_error(failure);
}

inline reason reason_of(const boost::system::error_code& code) {
  namespace errc = boost::system::errc;
  if (code == boost::asio::error::host_not_found || code == boost::asio::error::no_data ||
      code == boost::asio::error::host_not_found_try_again ||
      code == boost::asio::error::no_recovery) {
    return reason::unknown_host;
  }
  if (code == errc::connection_refused) return reason::refused;
  if (code == errc::host_unreachable || code == errc::network_unreachable) {
    return reason::unreachable;
  }
  if (code == errc::timed_out) return reason::timed_out;
  if (code == errc::connection_reset || code == errc::broken_pipe) return reason::closed;
  // TLS that ends without saying so; the category's own header would want OpenSSL.
  if (std::string_view(code.category().name()) == "asio.ssl.stream") return reason::closed;
  return reason::network;
}

inline const char* text_of(reason why) {
  switch (why) {
    case reason::unknown_host: return "unknown host";
    case reason::refused: return "connection refused";
    case reason::unreachable: return "host unreachable";
    case reason::timed_out: return "no answer in time";
    case reason::closed: return "connection closed in the middle of the answer";
    default: return nullptr;
  }
}

[[noreturn]] inline void fail(const url& to, const boost::system::error_code& code) {
  const reason why = reason_of(code);
  const char* text = text_of(why);
  throw error(why, to.authority(), text != nullptr ? text : code.message());
}

inline aio::task<std::unique_ptr<connection>> open(url to, tls_settings tls) {
  if (to.scheme == "https" && g_start_tls == nullptr) {
    throw error(reason::tls_missing, to.authority(),
                "for https, include trama/https.hpp and link with -lssl -lcrypto");
  }
  std::unique_ptr<connection> opened;
  try {
    auto candidates = co_await addresses(to.host, to.port);
    tcp::socket socket = co_await connect_to_any(std::move(candidates));
    if (to.scheme == "http") {
      opened = std::make_unique<stream_connection<tcp::socket>>(std::move(socket));
    } else {
      opened = co_await g_start_tls(std::move(socket), to, std::move(tls));
    }
  } catch (const boost::system::system_error& failure) {
    fail(to, failure.code());
  }
  co_return opened;
}

}  // namespace trama::http::detail
