// Which source position a person means by "here": the first one that is not library code.
#pragma once

#include <string_view>

#include "trace/trace.hpp"

namespace trama {

/// True for the standard library's, the system's and Trama's own files; empty names count as such.
bool is_library_file(std::string_view file);

/// The file's name without its folders.
std::string_view base_name(std::string_view path);

/// The innermost frame in the user's own code, on the way from `place` outwards along
/// `stack` (either may be kNoIndex); the innermost frame with a line if none is the
/// user's; nullptr if no frame is known.
const SourceFrame* user_frame(const Trace& trace, std::uint32_t place, std::uint32_t stack);

}  // namespace trama
