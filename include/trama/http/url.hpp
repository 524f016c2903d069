// trama/http/url.hpp: the parts of a URL that a request needs, and where a redirect leads.
//
// Accepted is what people write in lists of links: http and https, a name or an IP address, a port,
// a path, a query. Spaces and bytes beyond ASCII in the path are percent-encoded, as browsers do; a
// fragment (#…) is left out: servers never see it. Refused are control characters (with a line
// break in it, a URL would write headers of its own), a user name in front of the host (it goes to
// nobody here, and is how links lie), and hosts beyond ASCII (write the xn-- form).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trama/http/error.hpp"

namespace trama::http {

struct url {
  std::string scheme;  // "http" or "https"
  std::string host;    // in small letters; an IPv6 address without its brackets
  std::string port;    // digits; never empty
  std::string target;  // path and query, as the request line has them; begins with '/'

  /// "example.org", "example.org:8080", "[::1]:8080": as the Host header wants it.
  std::string authority() const {
    const bool usual = port == (scheme == "https" ? "443" : "80");
    const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
    return usual ? name : name + ":" + port;
  }

  std::string text() const { return scheme + "://" + authority() + target; }
};

namespace detail {

[[noreturn]] inline void refuse_url(std::string_view text, const char* why) {
  std::string shown;
  for (const char c : text.substr(0, 200)) shown += c >= ' ' && c != '\x7f' ? c : '?';
  throw error(reason::bad_url, "", "\"" + shown + "\": " + why);
}

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

inline std::string small_letters(std::string_view text) {
  std::string small(text);
  for (char& c : small) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return small;
}

// What a URL may not hold is escaped; an existing %XX stays as it is.
inline std::string percent_encoded(std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > ' ' && byte < 0x7f && std::string_view("\"<>\\^`{|}").find(c) == std::string::npos) {
      encoded += c;
    } else {
      encoded += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return encoded;
}

// Removes "." and "..", which a path relative to another may bring (RFC 3986, 5.2.4).
inline std::string without_dots(std::string_view path) {
  std::vector<std::string_view> parts;
  bool folder = false;  // does the path end with a '/'?
  while (!path.empty()) {
    path.remove_prefix(1);  // the '/'
    const std::string_view part = path.substr(0, path.find('/'));
    path.remove_prefix(part.size());
    folder = part == "." || part == "..";
    if (part == ".." && !parts.empty()) parts.pop_back();
    if (!folder) parts.push_back(part);
  }
  std::string clean;
  for (const std::string_view part : parts) (clean += '/') += part;
  return folder || clean.empty() ? clean + "/" : clean;
}

inline std::string clean_target(std::string_view target) {
  target = target.substr(0, target.find('#'));
  const std::string_view path = target.substr(0, target.find('?'));
  const std::string_view query = target.substr(path.size());
  return percent_encoded(path.empty() ? "/" : without_dots(path)) + percent_encoded(query);
}

// "example.org:8080" or "[::1]" into host and port.
inline void read_authority(std::string_view text, std::string_view authority, url& to) {
  std::string_view host = authority;
  std::string_view port;
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos) refuse_url(text, "'[' without ']'");
    host = authority.substr(1, end - 1);
    port = authority.substr(end + 1);
    if (!port.empty() && port.front() != ':') refuse_url(text, "letters behind ']'");
    if (host.find_first_not_of("0123456789abcdefABCDEF:.") != std::string_view::npos) {
      refuse_url(text, "no IPv6 address between the brackets");
    }
  } else {
    host = authority.substr(0, authority.find(':'));
    port = authority.substr(host.size());
    for (const char c : host) {
      const bool known = is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                         c == '-' || c == '.' || c == '_';
      if (!known) refuse_url(text, "a letter that no host may have");
    }
  }
  if (host.empty()) refuse_url(text, "no host");
  if (host.size() > 253) refuse_url(text, "a host of more than 253 letters");
  to.host = small_letters(host);
  to.port = to.scheme == "https" ? "443" : "80";
  if (port.size() < 2) return;  // none, or a ':' alone, which means the usual one
  port.remove_prefix(1);
  int number = 0;
  for (const char c : port) {
    if (!is_digit(c) || number > 65535) refuse_url(text, "no port number");
    number = number * 10 + (c - '0');
  }
  if (number < 1 || number > 65535) refuse_url(text, "the port must be from 1 to 65535");
  to.port = std::to_string(number);
}

}  // namespace detail

/// Takes a URL apart. Throws `error` (bad_url).
inline url parse_url(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') {
      detail::refuse_url(text, "a control character");
    }
  }
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) {
    detail::refuse_url(text, "a URL begins with http:// or https://");
  }
  url parsed;
  parsed.scheme = detail::small_letters(text.substr(0, colon));
  if (parsed.scheme != "http" && parsed.scheme != "https") {
    detail::refuse_url(text, "only http and https are known");
  }
  const std::string_view rest = text.substr(colon + 3);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  if (authority.find('@') != std::string_view::npos) {
    detail::refuse_url(text, "a user name in front of the host");
  }
  detail::read_authority(text, authority, parsed);
  const std::string_view target = rest.substr(authority.size());
  parsed.target = detail::clean_target(target.starts_with('/') ? std::string(target)
                                                               : "/" + std::string(target));
  return parsed;
}

/// Where `reference` leads, seen from `base`: what a Location header means.
inline url resolve_url(const url& base, std::string_view reference) {
  const std::size_t head = reference.find_first_of(":/?#");
  const bool absolute = head != std::string_view::npos && head > 0 && reference[head] == ':';
  if (absolute) return parse_url(reference);
  if (reference.starts_with("//")) return parse_url(base.scheme + ":" + std::string(reference));
  const std::string_view old(base.target);
  const std::string_view path = old.substr(0, old.find('?'));
  std::string target;
  if (reference.empty() || reference.front() == '#') {
    target = base.target;
  } else if (reference.front() == '/') {
    target = reference;
  } else if (reference.front() == '?') {
    target = std::string(path) + std::string(reference);
  } else {
    target = std::string(path.substr(0, path.rfind('/') + 1)) + std::string(reference);
  }
  return parse_url(base.scheme + "://" + base.authority() + target);
}

}  // namespace trama::http
