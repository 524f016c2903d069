// What http::url takes, what it refuses, and where redirects lead (examples of RFC 3986, 5.4).
#include "trama/http/url.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

namespace http = trama::http;

std::string shown(const std::string& text) {
  const http::url url = http::parse_url(text);
  return url.scheme + " " + url.host + " " + url.port + " " + url.target;
}

TEST(Url, Parts) {
  EXPECT_EQ(shown("http://example.org"), "http example.org 80 /");
  EXPECT_EQ(shown("HTTPS://Example.ORG:/A?b=/../c#d"), "https example.org 443 /A?b=/../c");
  EXPECT_EQ(shown("http://[::1]:8080?x"), "http ::1 8080 /?x");
  EXPECT_EQ(shown("http://a/ção |%20"), "http a 80 /%C3%A7%C3%A3o%20%7C%20");
  EXPECT_EQ(shown("http://a/b/./c/../../../d/."), "http a 80 /d/");
  EXPECT_EQ(http::parse_url("http://[::1]:8080").text(), "http://[::1]:8080/");
  EXPECT_EQ(http::parse_url("https://a:443/x").text(), "https://a/x");
}

TEST(Url, Refused) {
  for (const std::string text :
       {"", "example.org", "ftp://a/", "http://", "http:///x", "http://:80/", "http://a:0/",
        "http://a:65536/", "http://a:99999999999/", "http://a:8x/", "http://ana@a/", "http://a b/",
        "http://a/\r\nX: y", "http://ção/", "http://[::1/", "http://[::1]x/", "http://[zz]/",
        "file:///etc/passwd", "http://a%00b/"}) {
    try {
      http::parse_url(text);
      ADD_FAILURE() << text;
    } catch (const http::error& refused) {
      EXPECT_EQ(refused.reason(), http::reason::bad_url);
      EXPECT_EQ(std::string(refused.what()).find_first_of("\r\n"), std::string::npos);
    }
  }
}

TEST(Url, References) {
  const http::url base = http::parse_url("http://a/b/c/d;p?q");
  const auto resolved = [&](const std::string& to) { return http::resolve_url(base, to).text(); };
  EXPECT_EQ(resolved("https://x/y"), "https://x/y");
  EXPECT_EQ(resolved("//g"), "http://g/");
  EXPECT_EQ(resolved("g"), "http://a/b/c/g");
  EXPECT_EQ(resolved("./g/"), "http://a/b/c/g/");
  EXPECT_EQ(resolved("/g"), "http://a/g");
  EXPECT_EQ(resolved("?y"), "http://a/b/c/d;p?y");
  EXPECT_EQ(resolved("g?y=http://x#s"), "http://a/b/c/g?y=http://x");
  EXPECT_EQ(resolved(""), "http://a/b/c/d;p?q");
  EXPECT_EQ(resolved("#s"), "http://a/b/c/d;p?q");
  EXPECT_EQ(resolved(".."), "http://a/b/");
  EXPECT_EQ(resolved("../../../g"), "http://a/g");
  EXPECT_THROW(resolved("mailto:ana@a"), http::error);
}

}  // namespace
