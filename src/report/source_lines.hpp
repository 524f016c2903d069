// The text of a source line, where the file still stands where the compiler saw it.
#pragma once

#include <cstdint>
#include <string>

namespace trama {

/// Line `number` of `path` without the blanks around it; empty if it cannot be read.
std::string source_line(const std::string& path, std::uint32_t number);

}  // namespace trama
