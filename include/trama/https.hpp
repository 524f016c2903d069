// trama/https.hpp: teaches trama::http to speak TLS, by OpenSSL. Include it in one source file or
// in many, and link with -lssl -lcrypto: from then on http::get takes https:// everywhere in the
// program. (It is no macro of http.hpp, because then two source files of one program could see two
// different http::get.)
#pragma once

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <string>
#include <utility>

#include "trama/aio.hpp"
#include "trama/http/connection.hpp"
#include "trama/http/error.hpp"
#include "trama/http/url.hpp"

namespace trama::http::detail {

namespace ssl = boost::asio::ssl;

/// The context must outlive the stream: they travel together.
struct tls_stream {
  using lowest_layer_type = tcp::socket::lowest_layer_type;
  using executor_type = tcp::socket::executor_type;

  tls_stream(std::unique_ptr<ssl::context> with, tcp::socket socket)
      : context(std::move(with)), stream(std::move(socket), *context) {}

  executor_type get_executor() { return stream.get_executor(); }
  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return stream.async_read_some(buffers, std::forward<Token>(token));
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return stream.async_write_some(buffers, std::forward<Token>(token));
  }

  std::unique_ptr<ssl::context> context;
  ssl::stream<tcp::socket> stream;
};

inline std::unique_ptr<ssl::context> tls_context(const url& to, const tls_settings& settings) {
  auto context = std::make_unique<ssl::context>(ssl::context::tls_client);
  context->set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 |
                       ssl::context::no_tlsv1_1);
  boost::system::error_code failure;
  if (settings.ca_file.empty()) {
    context->set_default_verify_paths(failure);
  } else {
    context->load_verify_file(settings.ca_file, failure);
  }
  if (failure) {
    throw error(reason::tls_failed, to.authority(),
                "TLS: " + settings.ca_file + ": " + failure.message());
  }
  return context;
}

inline aio::task<std::unique_ptr<connection>> start_tls(tcp::socket socket, url to,
                                                        tls_settings settings) {
  try {
    tls_stream secured(tls_context(to, settings), std::move(socket));
    boost::system::error_code no_address;
    boost::asio::ip::make_address(to.host, no_address);
    if (no_address) SSL_set_tlsext_host_name(secured.stream.native_handle(), to.host.c_str());
    if (settings.verify) {
      secured.stream.set_verify_mode(ssl::verify_peer);
      secured.stream.set_verify_callback(ssl::host_name_verification(to.host));
    }
    co_await secured.stream.async_handshake(ssl::stream_base::client, aio::use_task);
    co_return std::make_unique<stream_connection<tls_stream>>(std::move(secured));
  } catch (const boost::system::system_error& failure) {
    const bool by_tls = failure.code().category() == boost::asio::error::get_ssl_category() ||
                        failure.code().category() == ssl::error::get_stream_category();
    if (!by_tls) throw;
    throw error(reason::tls_failed, to.authority(), "TLS: " + failure.code().message());
  }
}

inline const bool g_tls_ready = (g_start_tls = start_tls, true);

}  // namespace trama::http::detail
