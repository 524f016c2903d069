// Demangled names without the noise that no reader asked for.
#pragma once

#include <string>
#include <string_view>

namespace trama {

/// "std::string" rather than "std::__cxx11::basic_string<char, std::char_traits<char>, …>";
/// `symbol` itself when it is not a mangled name.
std::string demangle(const char* symbol);

/// Stands behind the name of a function that is the body of a coroutine: "f(int) [coroutine]".
inline constexpr std::string_view kCoroutineMark = " [coroutine]";
inline bool is_coroutine(std::string_view function) { return function.ends_with(kCoroutineMark); }

}  // namespace trama
