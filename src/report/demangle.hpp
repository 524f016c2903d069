// Demangled names without the noise that no reader asked for.
#pragma once

#include <string>

namespace trama {

/// "std::string" rather than "std::__cxx11::basic_string<char, std::char_traits<char>, …>";
/// `symbol` itself when it is not a mangled name.
std::string demangle(const char* symbol);

}  // namespace trama
