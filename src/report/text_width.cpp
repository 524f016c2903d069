#include "report/text_width.hpp"

namespace trama {
namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; }

/// Offset of the code point number `count` (or the size, if there are fewer).
std::size_t offset_of(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  while (at < text.size() && count > 0) {
    ++at;
    while (at < text.size() && is_continuation(text[at])) ++at;
    --count;
  }
  return at;
}

/// Length of the UTF-8 sequence at the beginning; 0 where it is none.
std::size_t sequence_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80                   ? 1
                             : lead >= 0xc2 && lead < 0xe0 ? 2
                             : lead >= 0xe0 && lead < 0xf0 ? 3
                             : lead >= 0xf0 && lead < 0xf5 ? 4
                                                           : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(text[i])) return 0;
  }
  return length;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (const char c : text) width += is_continuation(c) ? 0 : 1;
  return width;
}

std::string shorten(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  if (width == 0) return {};
  return std::string(text.substr(0, offset_of(text, width - 1))) + "…";
}

std::string shorten_left(std::string_view text, std::size_t width) {
  const std::size_t whole = display_width(text);
  if (whole <= width) return std::string(text);
  if (width == 0) return {};
  return "…" + std::string(text.substr(offset_of(text, whole - width + 1)));
}

std::string fit(std::string_view text, std::size_t width) {
  std::string result = shorten(text, width);
  result.append(width - display_width(result), ' ');
  return result;
}

std::string printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const auto first = static_cast<unsigned char>(text.front());
    const bool c1 = length == 2 && first == 0xc2 && static_cast<unsigned char>(text[1]) < 0xa0;
    if (text.front() == '\n') {
      result += text.size() > 1 ? "⏎" : "";
    } else if (text.starts_with("\x1b[")) {
      // A colour: drop the whole sequence, not only its first byte.
      std::size_t end = 2;
      while (end < text.size() && (text[end] < '@' || text[end] > '~')) ++end;
      text.remove_prefix(end < text.size() ? end : text.size() - 1);
    } else if (length == 0 || c1) {
      result += "?";
    } else if (first >= 0x20 && first != 0x7f) {
      result.append(text.substr(0, length));
    } else if (text.front() == '\t') {
      result += ' ';
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return result;
}

}  // namespace trama
