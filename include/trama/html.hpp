// trama/html.hpp: what a page says about itself, read by libxml2's HTML parser. Link with -lxml2
// (and compile with -I/usr/include/libxml2, or what `xml2-config --cflags` says).
//
//   trama::html::title("<html><title> Gatos &amp; cia. </title>")   // "Gatos & cia."
//
// Pages out there are broken; the parser repairs what it can and never fails. It writes nothing to
// stderr and opens no connection. May be called by many threads at a time.
#pragma once

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

namespace trama::html {

namespace detail {

/// A page that says nothing about its letters is UTF-8 if it can be; libxml2 would take it for
/// Latin-1.
inline bool is_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto lead = static_cast<unsigned char>(text[at++]);
    if (lead < 0x80) continue;
    if (lead < 0xc2 || lead > 0xf4) return false;
    int more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    for (; more > 0; --more, ++at) {
      if (at == text.size() || (static_cast<unsigned char>(text[at]) & 0xc0) != 0x80) return false;
    }
  }
  return true;
}

/// Without white space at the ends, and with one space for each run of it.
inline std::string in_one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool space = std::string_view(" \t\r\n\f").find(c) != std::string_view::npos;
    if (!space) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  if (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

inline bool is_named(const xmlNode* node, std::string_view name) {
  return node->type == XML_ELEMENT_NODE &&
         name == reinterpret_cast<const char*>(node->name);  // libxml2 writes them small
}

/// The first <title> of the document, in its order; a drawing (<svg>) has titles of its own.
/// A loop, not a recursion: pages may be nested as deep as they like.
inline xmlNode* first_title(xmlNode* root) {
  xmlNode* node = root;
  while (node != nullptr) {
    if (is_named(node, "title")) return node;
    const bool enter = node->type == XML_ELEMENT_NODE && !is_named(node, "svg");
    if (enter && node->children != nullptr) {
      node = node->children;
      continue;
    }
    while (node != root && node->next == nullptr) node = node->parent;
    node = node == root ? nullptr : node->next;
  }
  return nullptr;
}

}  // namespace detail

/// The title of a page, in UTF-8 and in one line; empty where it has none. `charset`: what the
/// server said (http::response::charset()); without it, what the page says.
inline std::string title(std::string_view page, const std::string& charset = {}) {
  if (page.empty() || page.size() > std::numeric_limits<int>::max()) return {};
  static const bool ready = (xmlInitParser(), true);  // once, whoever comes first
  static_cast<void>(ready);
  const char* encoding = nullptr;
  if (!charset.empty()) {
    encoding = charset.c_str();
  } else if (detail::is_utf8(page)) {
    encoding = "UTF-8";
  }
  constexpr int kOptions = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                           HTML_PARSE_NONET | HTML_PARSE_COMPACT;
  const std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> document(
      htmlReadMemory(page.data(), static_cast<int>(page.size()), nullptr, encoding, kOptions),
      &xmlFreeDoc);
  if (document == nullptr) return {};
  xmlNode* const found = detail::first_title(xmlDocGetRootElement(document.get()));
  if (found == nullptr) return {};
  const auto free_text = [](xmlChar* text) { xmlFree(text); };
  const std::unique_ptr<xmlChar, decltype(free_text)> text(xmlNodeGetContent(found), free_text);
  if (text == nullptr) return {};
  return detail::in_one_line(reinterpret_cast<const char*>(text.get()));
}

}  // namespace trama::html
