#include "report/demangle.hpp"

#include <cxxabi.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace trama {
namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    text.replace(at, from.size(), to);
    at += to.size();
  }
}

/// GCC names the body of a coroutine after its frame: "f(f(int)::_Z1fi.Frame*) [clone .actor]",
/// clang "f(int) [clone .resume]". What a person wrote is "f(int)".
void simplify_coroutine(std::string& text) {
  std::size_t clone = std::string::npos;
  for (const std::string_view part :
       {" [clone .actor", " [clone .resume", " [clone .destroy", " [clone .cleanup"}) {
    clone = std::min(clone, text.find(part));
  }
  if (clone == std::string::npos) return;
  text.erase(clone);
  constexpr std::string_view kFrame = ".Frame*)";
  const std::size_t mangled = text.rfind("::_Z");
  if (mangled != std::string::npos && text.ends_with(kFrame)) {
    // The parameter's type begins with the whole signature, the name before it is a part of that.
    const std::string_view before(text.data(), mangled);
    for (std::size_t i = before.find('('); i != std::string_view::npos;
         i = before.find('(', i + 1)) {
      const std::string_view signature = before.substr(i + 1);
      if (i == 0 || !signature.starts_with(before.substr(0, i))) continue;
      text = std::string(signature);
      break;
    }
  }
  text += kCoroutineMark;
}

}  // namespace

std::string demangle(const char* symbol) {
  if (symbol == nullptr) return {};
  int status = 0;
  char* plain = abi::__cxa_demangle(symbol, nullptr, nullptr, &status);
  std::string text = status == 0 && plain != nullptr ? plain : symbol;
  std::free(plain);
  replace_all(text,
              "std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >",
              "std::string");
  replace_all(text, "std::__cxx11::", "std::");
  replace_all(text, "[abi:cxx11]", "");
  simplify_coroutine(text);
  return text;
}

}  // namespace trama
