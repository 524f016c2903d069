// Text measured in columns of a terminal: one per code point, nothing fancier.
#pragma once

#include <string>
#include <string_view>

namespace trama {

std::size_t display_width(std::string_view text);

/// At most `width` columns: what is too long ends in "…".
std::string shorten(std::string_view text, std::size_t width);
/// The same, but the end is kept and the beginning goes.
std::string shorten_left(std::string_view text, std::size_t width);
/// Exactly `width` columns.
std::string fit(std::string_view text, std::size_t width);

/// Without control characters and invalid bytes, so that no program's output or file name
/// can move the cursor or break a table; line ends become "⏎".
std::string printable(std::string_view text);

}  // namespace trama
