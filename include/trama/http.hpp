// trama/http.hpp: web pages for coroutines, on Boost.Beast's parser. Header-only.
//
//   trama::aio::task<> main_task() {
//     try {
//       auto page = co_await trama::http::get("http://example.org/");
//       fmt::print("{} {}\n", page.status, page.body.size());
//     } catch (const trama::http::error& failure) {
//       fmt::print("{}\n", failure.what());        // "example.org: connection refused"
//     }
//   }
//   int main() { trama::aio::run(main_task()); }
//
// `get` answers with a response, whatever its status, or throws `http::error`, which says which
// host and why (trama/http/error.hpp). It never hangs and never grows: time, redirects, header and
// body have limits, all in `options`. Cancelled, it closes its connection and lets the
// cancellation through. Each request has a connection of its own.
//
// For https, include trama/https.hpp in any one source file and link with -lssl -lcrypto.
// For the title of a page, see trama/html.hpp.
//
// Beast's parser takes long to compile: include this file in few sources.
#pragma once

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trama/aio.hpp"
#include "trama/http/connection.hpp"
#include "trama/http/error.hpp"
#include "trama/http/url.hpp"

namespace trama::http {

struct options {
  std::chrono::milliseconds timeout = std::chrono::seconds(10);  // for all of it, redirects too
  int max_redirects = 10;
  std::size_t max_header = 64 * 1024;      // bytes
  std::size_t max_body = 8 * 1024 * 1024;  // bytes
  std::string user_agent = "trama";
  bool verify = true;   // https: is the certificate to be trusted, and is it this host's?
  std::string ca_file;  // https: trust these certificates (PEM) and not the system's
};

/// The fields of a header, in the order in which they came. Names know no case.
class header_fields {
 public:
  void add(std::string name, std::string value) {
    fields_.emplace_back(std::move(name), std::move(value));
  }

  /// The first field of that name; empty where there is none.
  std::string_view value(std::string_view name) const {
    const std::string wanted = detail::small_letters(name);
    for (const auto& [other, value] : fields_) {
      if (detail::small_letters(other) == wanted) return value;
    }
    return {};
  }

  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }
  std::size_t size() const { return fields_.size(); }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

struct response {
  int status = 0;  // 200, 404 …
  header_fields headers;
  std::string body;
  std::string url;  // where it came from, after redirects

  /// What the Content-Type says: "utf-8"; empty where it says nothing. For html::title.
  std::string charset() const {
    const std::string type = detail::small_letters(headers.value("content-type"));
    const std::size_t at = type.find("charset=");
    if (at == std::string::npos) return {};
    std::string name = type.substr(at + 8);
    if (name.starts_with('"')) return name.substr(1, name.find('"', 1) - 1);
    return name.substr(0, name.find_first_of("; \t"));
  }
};

namespace detail {

namespace beast = boost::beast::http;

/// Bytes into one response. Interim answers (100 Continue) are passed over.
class response_reader {
 public:
  response_reader(const http::url& from, const options& limits) : from_(from), limits_(limits) {
    restart();
  }

  bool done() const { return parser_->is_done(); }

  void put(const char* bytes, std::size_t count) {
    pending_.append(bytes, count);
    std::size_t used = 0;
    while (!done() && used < pending_.size()) {
      boost::beast::error_code problem;
      used += parser_->put(boost::asio::buffer(pending_.data() + used, pending_.size() - used),
                           problem);
      if (problem == beast::error::need_more) break;
      if (problem) fail_by(problem);
      if (done() && parser_->get().result_int() / 100 == 1) restart();
    }
    pending_.erase(0, used);
    // The parser limits the header; chunk sizes and trailers it would take of any length.
    if (!done() && pending_.size() > limits_.max_header) fail_by(beast::error::header_limit);
  }

  void put_end() {
    boost::beast::error_code problem = beast::error::end_of_stream;
    if (parser_->got_some()) parser_->put_eof(problem);
    if (problem) fail_by(problem);
  }

  response take() {
    auto message = parser_->release();
    response made;
    made.status = static_cast<int>(message.result_int());
    for (const auto& field : message) {
      made.headers.add(std::string(field.name_string()), std::string(field.value()));
    }
    made.body = std::move(message.body());
    made.url = from_.text();
    return made;
  }

 private:
  void restart() {
    if (++messages_ > kInterimMax) fail_by(beast::error::header_limit);
    parser_.emplace();
    parser_->eager(true);
    const std::size_t most = std::numeric_limits<std::uint32_t>::max();
    parser_->header_limit(static_cast<std::uint32_t>(std::min(limits_.max_header, most)));
    parser_->body_limit(limits_.max_body);
  }

  [[noreturn]] void fail_by(const boost::beast::error_code& problem) const {
    const auto with = [this](reason why, const std::string& text) {
      return error(why, from_.authority(), text);
    };
    if (problem == beast::error::header_limit) {
      throw with(reason::header_too_large,
                 "a header of more than " + std::to_string(limits_.max_header) + " bytes");
    }
    if (problem == beast::error::body_limit || problem == beast::error::buffer_overflow) {
      throw with(reason::body_too_large,
                 "a page of more than " + std::to_string(limits_.max_body) + " bytes");
    }
    if (problem == beast::error::end_of_stream || problem == beast::error::partial_message) {
      throw with(reason::closed, text_of(reason::closed));
    }
    throw with(reason::malformed, "no HTTP: " + problem.message());
  }

  static constexpr int kInterimMax = 10;

  const http::url& from_;
  const options& limits_;
  std::optional<beast::response_parser<beast::string_body>> parser_;
  std::string pending_;  // received, and not yet understood
  int messages_ = 0;
};

inline std::string request_for(const url& to, const options& how) {
  for (const char c : how.user_agent) {
    if (static_cast<unsigned char>(c) < ' ') {
      throw error(reason::bad_url, to.authority(), "a control character in options::user_agent");
    }
  }
  return "GET " + to.target + " HTTP/1.1\r\nHost: " + to.authority() +
         "\r\nUser-Agent: " + how.user_agent +
         "\r\nAccept: */*\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n";
}

inline aio::task<response> get_once(const url& from, const options& how) {
  tls_settings tls{how.verify, how.ca_file};  // named: GCC 12 destroys such a temporary twice
  std::unique_ptr<connection> server = co_await open(from, std::move(tls));
  response_reader reader(from, how);
  try {
    std::string request = request_for(from, how);
    co_await server->write(std::move(request));
    std::vector<char> bytes(16 * 1024);
    while (!reader.done()) {
      const std::size_t count = co_await server->read(boost::asio::buffer(bytes));
      if (count == 0) {
        reader.put_end();
      } else {
        reader.put(bytes.data(), count);
      }
    }
  } catch (const boost::system::system_error& failure) {
    fail(from, failure.code());
  }
  co_return reader.take();
}

inline bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

inline aio::task<response> follow(url from, const options& how) {
  for (int redirects = 0;; ++redirects) {
    response answer = co_await get_once(from, how);
    const std::string_view location = answer.headers.value("location");
    if (!is_redirect(answer.status) || location.empty()) co_return answer;
    if (redirects >= how.max_redirects) {
      throw error(reason::too_many_redirects, from.authority(),
                  "more than " + std::to_string(how.max_redirects) + " redirects");
    }
    from = resolve_url(from, location);
  }
}

}  // namespace detail

/// The page at `address` (http:// or https://). Throws `error`.
inline aio::task<response> get(std::string address, options how = {}) {
  const url first = parse_url(address);
  try {
    response answer = co_await aio::timeout(how.timeout, detail::follow(first, how));
    co_return answer;
  } catch (const aio::timeout_error&) {
    throw error(reason::timed_out, first.authority(),
                "no complete answer within " + std::to_string(how.timeout.count()) + " ms");
  }
}

}  // namespace trama::http
