// html::title on pages as they are out there.
#include "trama/html.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using trama::html::title;

TEST(HtmlTitle, InOneLine) {
  EXPECT_EQ(title("<html><head><title>\n  Gatos &amp;\t c&atilde;es </title></head></html>"),
            "Gatos & cães");
  EXPECT_EQ(title("<TITLE>a</TITLE><title>b</title>"), "a");
  EXPECT_EQ(title("<p>no head<title>late</title>"), "late");
}

TEST(HtmlTitle, None) {
  EXPECT_EQ(title(""), "");
  EXPECT_EQ(title("just text"), "");
  EXPECT_EQ(title("<svg><title>a drawing</title></svg>"), "");
  EXPECT_EQ(title(std::string("\0\0\0", 3)), "");
}

TEST(HtmlTitle, Broken) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(title("<title>never closed"), "never closed");
  EXPECT_EQ(title("<html <body><p<title>x</p><title>a</title></nonsense>"), "a");
  EXPECT_EQ(title("<!DOCTYPE html SYSTEM 'http://nobody.invalid/x.dtd'><title>a</title>&x;"), "a");
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<div><b>";
  title(deep + "<title>deep</title>");  // the parser may give up on it: it must not crash
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(HtmlTitle, Letters) {
  EXPECT_EQ(title("<title>caf\xc3\xa9</title>"), "café");
  EXPECT_EQ(title("<title>caf\xe9</title>"), "café");
  EXPECT_EQ(title("<title>caf\xe9</title>", "iso-8859-1"), "café");
  EXPECT_EQ(title("<meta charset=windows-1252><title>\x80</title>"), "€");
  EXPECT_EQ(title("<title>plain</title>", "no-such-charset"), "plain");
}

}  // namespace
