#include "trace/text.hpp"

#include <charconv>

namespace trama::trace_text {
namespace {

constexpr char kDigits[] = "0123456789abcdef";

bool parse(std::string_view text, std::uint64_t& value, int base) {
  if (text.empty()) return false;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value, base);
  return error == std::errc{} && stop == end;
}

void put(std::string& out, std::uint64_t value, int base) {
  char buffer[24];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value, base);
  out.append(buffer, static_cast<std::size_t>(end - buffer));
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// Length of the valid UTF-8 sequence of two to four bytes that `text` begins with; 0 if none.
std::size_t sequence_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  std::size_t length = 0;
  if (lead >= 0xc2 && lead <= 0xdf) length = 2;
  if (lead >= 0xe0 && lead <= 0xef) length = 3;
  if (lead >= 0xf0 && lead <= 0xf4) length = 4;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0U) != 0x80U) return 0;
  }
  const auto second = static_cast<unsigned char>(text[1]);
  const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  const bool outside = (lead == 0xed && second > 0x9f) || (lead == 0xf4 && second > 0x8f);
  return overlong || outside ? 0 : length;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

/// Offset just behind the quoted string that `text` begins with; npos if it has no end.
std::size_t end_of_quoted(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

}  // namespace

void put_number(std::string& out, std::uint64_t value) { put(out, value, 10); }

void put_hex(std::string& out, std::uint64_t value) {
  out += "0x";
  put(out, value, 16);
}

void put_quoted(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const char c = text.front();
    std::size_t used = 1;
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c >= ' ' && c < '\x7f') {
      out += c;
    } else if (const std::size_t length = sequence_length(text); length != 0) {
      out.append(text.data(), length);
      used = length;
    } else {
      out += "\\x";
      out += kDigits[static_cast<unsigned char>(c) >> 4U];
      out += kDigits[static_cast<unsigned char>(c) & 0xfU];
    }
    text.remove_prefix(used);
  }
  out += '"';
}

void put_word(std::string& out, std::string_view text) {
  if (text.empty()) out += '_';
  while (!text.empty()) {
    const char c = text.front();
    std::size_t used = 1;
    if (c > ' ' && c < '\x7f' && c != '"' && c != '|') {
      out += c;
    } else if (const std::size_t length = sequence_length(text); length != 0) {
      out.append(text.data(), length);
      used = length;
    } else {
      out += '_';
    }
    text.remove_prefix(used);
  }
}

bool parse_number(std::string_view text, std::uint64_t& value) { return parse(text, value, 10); }

bool parse_hex(std::string_view text, std::uint64_t& value) {
  if (text.size() < 3 || text[0] != '0' || text[1] != 'x') return false;
  text.remove_prefix(2);
  return parse(text, value, 16);
}

bool LineReader::done() {
  while (!rest_.empty() && is_blank(rest_.front())) rest_.remove_prefix(1);
  return rest_.empty();
}

std::string_view LineReader::peek() {
  LineReader ahead = *this;
  return ahead.word();
}

std::string_view LineReader::word() {
  if (done()) return {};
  std::size_t length = 0;
  while (length < rest_.size() && !is_blank(rest_[length])) {
    if (rest_[length] == '"') {
      const std::size_t quoted = end_of_quoted({rest_.data() + length, rest_.size() - length});
      length = quoted == std::string_view::npos ? rest_.size() : length + quoted;
    } else {
      ++length;
    }
  }
  const std::string_view result{rest_.data(), length};
  rest_.remove_prefix(length);
  return result;
}

bool LineReader::accept(std::string_view expected) {
  if (peek() != expected) return false;
  word();
  return true;
}

bool LineReader::quoted(std::string& value) { return unquote(word(), value); }

bool LineReader::up_to(std::string_view end, std::string_view& before) {
  if (done()) return false;
  const char* begin = rest_.data();
  while (!done()) {
    const char* here = rest_.data();
    if (word() != end) continue;
    before = {begin, static_cast<std::size_t>(here - begin)};
    while (!before.empty() && is_blank(before.back())) before.remove_suffix(1);
    return true;
  }
  return false;
}

bool unquote(std::string_view text, std::string& value) {
  if (text.size() < 2 || text.front() != '"' || end_of_quoted(text) != text.size()) return false;
  text.remove_prefix(1);
  text.remove_suffix(1);
  value.clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      value += text[i];
      continue;
    }
    ++i;  // end_of_quoted made sure that something follows
    if (text[i] == '"' || text[i] == '\\') {
      value += text[i];
    } else if (text[i] == 'n') {
      value += '\n';
    } else if (text[i] == 't') {
      value += '\t';
    } else if (text[i] == 'x' && i + 2 < text.size()) {
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return false;
      value += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      return false;
    }
  }
  return true;
}

std::uint64_t check_sum(std::string_view text) {
  std::uint64_t sum = 0xcbf29ce484222325U;
  for (const char c : text) {
    sum = (sum ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  }
  return sum;
}

}  // namespace trama::trace_text
