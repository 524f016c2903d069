// Words, numbers and quoted strings: the lexical level of a trace file (format.hpp).
//
// Linked into the runtime as well, so only header-only parts of the standard library are
// used here: no stream, no locale, nothing that throws.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace trama::trace_text {

void put_number(std::string& out, std::uint64_t value);
void put_hex(std::string& out, std::uint64_t value);  ///< with the prefix 0x

/// Appends `text` in quotes with C escapes. Valid UTF-8 stays as it is, any other byte
/// becomes \xHH, so that every trace file is valid UTF-8 in one line per record.
void put_quoted(std::string& out, std::string_view text);

/// Appends `text` as one word: bytes that would end it or that a reader would take for
/// something else become '_'.
void put_word(std::string& out, std::string_view text);

/// Whole-text conversions; false when `text` is anything else than such a number.
bool parse_number(std::string_view text, std::uint64_t& value);
bool parse_hex(std::string_view text, std::uint64_t& value);  ///< the prefix 0x is required

/// Reads one line from left to right; blanks between words are skipped.
class LineReader {
 public:
  explicit LineReader(std::string_view line) : rest_(line) {}

  [[nodiscard]] bool done();
  /// The next word without consuming it; empty at the end.
  [[nodiscard]] std::string_view peek();
  /// The next word: up to a blank, or up to and including a quoted string.
  std::string_view word();
  /// Consumes `word` if it is the next one.
  bool accept(std::string_view expected);
  bool number(std::uint64_t& value) { return parse_number(word(), value); }
  /// A quoted string, unescaped.
  bool quoted(std::string& value);
  /// Everything up to and including the word `end`, without it; false if it never comes.
  bool up_to(std::string_view end, std::string_view& before);
  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

/// Takes the quotes and escapes off `text`, which must be one whole quoted string.
bool unquote(std::string_view text, std::string& value);

/// FNV-1a, 64 bits: the sum at the end of a trace file, against accidents only.
std::uint64_t check_sum(std::string_view text);

}  // namespace trama::trace_text
