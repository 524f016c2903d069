// trama::http against a server that misbehaves in every way a server can. Nothing may hang, grow
// or leave a descriptor open.
#include "trama/http.hpp"

#include <dirent.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "local_server.hpp"

namespace {

using namespace std::chrono_literals;
namespace aio = trama::aio;
namespace http = trama::http;

int open_descriptors() {
  int count = 0;
  DIR* const folder = opendir("/proc/self/fd");
  while (readdir(folder) != nullptr) ++count;
  closedir(folder);
  return count;
}

std::string ok(const std::string& body, const std::string& more = "") {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + more +
         "\r\n" + body;
}

/// Each test has its server; the descriptors are counted around it.
class HttpTest : public testing::Test {
 protected:
  HttpTest() { limits_.timeout = 20s; }
  ~HttpTest() override { EXPECT_EQ(open_descriptors(), descriptors_); }

  http::response get(const std::string& url) { return aio::run(http::get(url, limits_)); }

  /// What `get` throws; a response is a failure of the test.
  http::error failure(const std::string& url) {
    try {
      const http::response answer = get(url);
      ADD_FAILURE() << "a response with status " << answer.status;
    } catch (const http::error& thrown) {
      return thrown;
    }
    return {http::reason::network, "", "none"};
  }

  http::reason reason_for(const LocalServer::Answer& answer) {
    const LocalServer server(answer);
    const http::error thrown = failure(server.url("/"));
    EXPECT_EQ(thrown.host(), "127.0.0.1:" + std::to_string(server.port()));
    return thrown.reason();
  }

  http::reason reason_for_text(const std::string& text) {
    return reason_for([&](Client& client, const std::string&) { client.say(text); });
  }

  http::response response_for_text(const std::string& text) {
    const LocalServer server([&](Client& client, const std::string&) { client.say(text); });
    return get(server.url("/"));
  }

  http::options limits_;

 private:
  int descriptors_ = open_descriptors();
};

TEST_F(HttpTest, APage) {
  std::string seen;
  const LocalServer server([&](Client& client, const std::string& request) {
    seen = request;
    client.say(ok("hello", "Content-Type: text/html; charset=\"UTF-8\"\r\nX-A: 1\r\nx-a: 2\r\n"));
  });
  const http::response answer = get(server.url("/a b?c#d"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "hello");
  EXPECT_EQ(answer.url, server.url("/a%20b?c"));
  EXPECT_EQ(answer.charset(), "utf-8");
  EXPECT_EQ(answer.headers.value("X-a"), "1");
  EXPECT_EQ(answer.headers.value("none"), "");
  EXPECT_EQ(answer.headers.size(), 4U);
  EXPECT_EQ(seen.substr(0, seen.find("User-Agent")),
            "GET /a%20b?c HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) + "\r\n");
}

TEST_F(HttpTest, AStatusIsNoError) {
  EXPECT_EQ(response_for_text("HTTP/1.0 404 Not Found\r\n\r\nno").body, "no");
  EXPECT_EQ(response_for_text("HTTP/1.1 204 No Content\r\n\r\n").status, 204);
}

TEST_F(HttpTest, Chunked) {
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(response_for_text(head + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: t\r\n\r\n").body,
            "abcde");
  EXPECT_EQ(reason_for_text(head + "zz\r\nabc\r\n"), http::reason::malformed);
  EXPECT_EQ(reason_for_text(head + "3\r\nab"), http::reason::closed);
  EXPECT_EQ(reason_for_text(head + "3;" + std::string(1'000'000, 'x')),
            http::reason::header_too_large);
}

TEST_F(HttpTest, ByteByByte) {
  const LocalServer server([](Client& client, const std::string&) {
    const std::string text =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    for (const char c : text) client.say(std::string(1, c));
  });
  EXPECT_EQ(get(server.url("/")).body, "abcde");
}

TEST_F(HttpTest, InterimAnswers) {
  const std::string interim = "HTTP/1.1 100 Continue\r\n\r\n";
  EXPECT_EQ(response_for_text(interim + interim + ok("x")).body, "x");
  std::string endless;
  for (int i = 0; i < 100; ++i) endless += interim;
  EXPECT_EQ(reason_for_text(endless), http::reason::header_too_large);
}

TEST_F(HttpTest, Malformed) {
  EXPECT_EQ(reason_for_text("SSH-2.0-OpenSSH_9.2\r\n\r\n"), http::reason::malformed);
  EXPECT_EQ(reason_for_text("HTTP/9.9 200 OK\r\n\r\n"), http::reason::malformed);
  EXPECT_EQ(reason_for_text("HTTP/1.1 xyz\r\n\r\n"), http::reason::malformed);
  EXPECT_EQ(reason_for_text(std::string("HTTP/1.1 200 OK\r\nA\0B: c\r\n\r\n", 27)),
            http::reason::malformed);
  EXPECT_EQ(reason_for_text("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
            http::reason::malformed);
}

TEST_F(HttpTest, EndsTooEarly) {
  EXPECT_EQ(reason_for_text(""), http::reason::closed);
  EXPECT_EQ(reason_for_text("HTTP/1.1 20"), http::reason::closed);
  EXPECT_EQ(reason_for_text("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"),
            http::reason::closed);
}

TEST_F(HttpTest, HeaderOfTenMegabytes) {
  const std::string much(10'000'000, 'a');
  EXPECT_EQ(reason_for_text("HTTP/1.1 200 OK\r\nA: " + much), http::reason::header_too_large);
  EXPECT_EQ(reason_for_text("HTTP/1.1 200 " + much), http::reason::header_too_large);
  EXPECT_EQ(reason_for([](Client& client, const std::string&) {
              client.say("HTTP/1.1 200 OK\r\n");
              while (client.say("A: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n")) {
              }
            }),
            http::reason::header_too_large);
}

TEST_F(HttpTest, EndlessBody) {
  const std::string piece(100'000, 'x');
  const auto endless = [&](const std::string& head, const std::string& each) {
    return reason_for([&](Client& client, const std::string&) {
      client.say(head);
      while (client.say(each)) {
      }
    });
  };
  EXPECT_EQ(endless("HTTP/1.1 200 OK\r\n\r\n", piece), http::reason::body_too_large);
  EXPECT_EQ(endless("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", piece),
            http::reason::body_too_large);
  EXPECT_EQ(endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                    "186a0\r\n" + piece + "\r\n"),
            http::reason::body_too_large);
  limits_.max_body = 10;
  EXPECT_EQ(response_for_text(ok("0123456789")).body.size(), 10U);
  EXPECT_EQ(reason_for_text(ok("0123456789a")), http::reason::body_too_large);
}

TEST_F(HttpTest, SlowServers) {
  limits_.timeout = 100ms;
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(reason_for([](Client& client, const std::string&) { client.wait_for_client(); }),
            http::reason::timed_out);
  EXPECT_EQ(reason_for([](Client& client, const std::string&) {
              client.say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab");
              client.wait_for_client();
            }),
            http::reason::timed_out);
  EXPECT_EQ(reason_for([](Client& client, const std::string&) {
              client.say("HTTP/1.1 200 OK\r\nA: ");
              while (client.say("a")) std::this_thread::sleep_for(5ms);
            }),
            http::reason::timed_out);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
}

TEST_F(HttpTest, Redirects) {
  std::atomic<int> requests = 0;
  const LocalServer server([&](Client& client, const std::string& request) {
    ++requests;
    const auto to = [&](const std::string& place) {
      client.say("HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + place + "\r\n\r\n");
    };
    if (request.starts_with("GET /old/a ")) to("../new?x=1");
    if (request.starts_with("GET /new?x=1 ")) client.say(ok("found"));
    if (request.starts_with("GET /loop ")) to("/loop");
    if (request.starts_with("GET /odd ")) to("gopher://x/");
    if (request.starts_with("GET /nowhere ")) {
      client.say("HTTP/1.1 301 Moved\r\nContent-Length: 0\r\n\r\n");
    }
  });
  const http::response answer = get(server.url("/old/a"));
  EXPECT_EQ(answer.body, "found");
  EXPECT_EQ(answer.url, server.url("/new?x=1"));
  EXPECT_EQ(get(server.url("/nowhere")).status, 301);
  EXPECT_EQ(failure(server.url("/odd")).reason(), http::reason::bad_url);
  requests = 0;
  EXPECT_EQ(failure(server.url("/loop")).reason(), http::reason::too_many_redirects);
  EXPECT_EQ(requests, 11);
  limits_.max_redirects = 0;
  EXPECT_EQ(failure(server.url("/loop")).reason(), http::reason::too_many_redirects);
}

TEST_F(HttpTest, NobodyThere) {
  int port = 0;
  {
    const LocalServer server([](Client&, const std::string&) {});
    port = server.port();
  }
  const http::error refused = failure("http://localhost:" + std::to_string(port) + "/");
  EXPECT_EQ(refused.reason(), http::reason::refused);
  EXPECT_EQ(refused.what(), "localhost:" + std::to_string(port) + ": connection refused");
  const http::error unknown = failure("http://nobody.invalid/");
  EXPECT_EQ(unknown.reason(), http::reason::unknown_host);
  EXPECT_STREQ(unknown.what(), "nobody.invalid: unknown host");
  EXPECT_EQ(failure("https://nobody.invalid/").reason(), http::reason::tls_missing);
  EXPECT_EQ(failure("nobody.invalid").reason(), http::reason::bad_url);
}

TEST_F(HttpTest, TwentyAtOnce) {
  const LocalServer server([](Client& client, const std::string& request) {
    client.say(ok(request.substr(4, request.find(' ', 4) - 4)));
  });
  std::vector<aio::task<http::response>> pages;
  for (int i = 0; i < 20; ++i) {
    pages.push_back(http::get(server.url("/" + std::to_string(i)), limits_));
  }
  const auto answers = aio::run(aio::gather(std::move(pages)));
  ASSERT_EQ(answers.size(), 20U);
  for (std::size_t i = 0; i < 20; ++i) EXPECT_EQ(answers[i].body, "/" + std::to_string(i));
}

aio::task<bool> cancel_when_asked(std::string url, const std::atomic<bool>& asked) {
  auto page = aio::create_task(http::get(url));
  while (!asked) co_await aio::sleep(1ms);
  page.cancel();
  bool stopped = false;
  try {
    co_await page;
  } catch (const aio::cancelled&) {
    stopped = true;
  }
  co_return stopped;
}

TEST_F(HttpTest, Cancelled) {
  std::atomic<bool> asked = false;
  const LocalServer server([&](Client& client, const std::string&) {
    client.say("HTTP/1.1 200 OK\r\n");
    asked = true;
    client.wait_for_client();
  });
  EXPECT_TRUE(aio::run(cancel_when_asked(server.url("/"), asked)));
}

}  // namespace
