// trama/http/error.hpp: why a page could not be had; one exception for all of it.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace trama::http {

/// What stood in the way, in the order in which a request meets it.
enum class reason {
  bad_url,             // not http:// or https://, no host, a control character in it …
  tls_missing,         // https:// in a program that does not include trama/https.hpp
  unknown_host,        // no such name, or nobody to ask for it
  refused,             // the machine is there, and nobody listens at that port
  unreachable,         // no way to the machine
  tls_failed,          // no handshake, or a certificate that is not to be trusted
  timed_out,           // the answer was not complete within options::timeout
  closed,              // the connection ended in the middle of the answer
  malformed,           // what came is not HTTP
  header_too_large,    // more than options::max_header bytes before the body
  body_too_large,      // more than options::max_body bytes
  too_many_redirects,  // more than options::max_redirects
  network,             // anything else that the system says about the connection
};

/// A request that has no response. `what()` is a sentence that begins with the host. A response
/// with a status such as 404 is not an error: it is a response.
class error : public std::runtime_error {
 public:
  error(http::reason why, std::string host, const std::string& text)
      : std::runtime_error((host.empty() ? "" : host + ": ") + text),
        why_(why),
        host_(std::move(host)) {}

  http::reason reason() const noexcept { return why_; }

  /// "example.org", or "example.org:8080" where the port is not the usual one. Of a bad URL: empty.
  const std::string& host() const noexcept { return host_; }

 private:
  http::reason why_;
  std::string host_;
};

}  // namespace trama::http
