// trama/https.hpp where there is no TLS to be had: it must say so, and leave nothing open. (An answer
// over TLS wants a server with a certificate; none is made here.)
#include "trama/https.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "local_server.hpp"
#include "trama/http.hpp"

namespace {

namespace http = trama::http;

http::error failure(const std::string& url, const http::options& how) {
  try {
    trama::aio::run(http::get(url, how));
    ADD_FAILURE() << "a response";
  } catch (const http::error& thrown) {
    return thrown;
  }
  return {http::reason::network, "", "none"};
}

TEST(HttpsTest, NoCertificates) {
  const LocalServer server([](Client&, const std::string&) {});
  const std::string host = "127.0.0.1:" + std::to_string(server.port());
  http::options how;
  how.timeout = std::chrono::seconds(20);
  how.ca_file = "no-such-file.pem";
  const http::error thrown = failure("https://" + host + "/", how);
  EXPECT_EQ(thrown.reason(), http::reason::tls_failed);
  EXPECT_EQ(thrown.host(), host);
  EXPECT_NE(std::string(thrown.what()).find("no-such-file.pem"), std::string::npos);
}

TEST(HttpsTest, AnotherProtocol) {
  LocalServer server([](Client&, const std::string&) {});
  server.greet("SSH-2.0-OpenSSH_9.2\r\n");
  http::options how;
  how.timeout = std::chrono::seconds(20);
  const http::error thrown = failure("https://127.0.0.1:" + std::to_string(server.port()), how);
  EXPECT_EQ(thrown.reason(), http::reason::tls_failed) << thrown.what();
}

}  // namespace
