// How a report looks: language, width, colours. Decided once by the command line.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "event/ids.hpp"
#include "report/messages.hpp"

namespace trama {

struct TextStyle {
  Language language = Language::en;
  bool color = false;
  bool full = false;        ///< every step; no limit of lines
  std::size_t width = 100;  ///< columns, never more
  std::size_t lines = 25;   ///< of the whole report, unless full
};

enum class Paint : std::uint8_t { plain, bold, dim, alarm, good };

/// Text in colour, or as it is where colours are off. Measure before painting.
inline std::string paint(const TextStyle& style, Paint how, std::string_view text) {
  if (!style.color || how == Paint::plain) return std::string(text);
  constexpr std::string_view codes[] = {"", "1", "2", "1;31", "1;32"};
  return fmt::format("\x1b[{}m{}\x1b[0m", codes[static_cast<unsigned>(how)], text);
}

/// Each thread keeps its colour through the whole report; main is white.
inline std::string paint_thread(const TextStyle& style, ThreadId thread, std::string_view text) {
  if (!style.color) return std::string(text);
  constexpr int palette[] = {32, 36, 33, 35, 34, 31};
  const int code = thread == kMainThread ? 37 : palette[(thread - 1U) % 6];
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

}  // namespace trama
