#include "trace/places.hpp"

namespace trama {
namespace {

bool begins_with(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && std::string_view(text.data(), prefix.size()) == prefix;
}

/// Returns the first user frame of the place; notes in `fallback` the first with a line.
const SourceFrame* first_of(const Trace& trace, std::uint32_t place, const SourceFrame*& fallback) {
  if (place >= trace.places.size()) return nullptr;
  for (const SourceFrame& frame : trace.places[place].frames) {
    if (frame.line == 0) continue;
    if (!is_library_file(frame.file)) return &frame;
    if (fallback == nullptr) fallback = &frame;
  }
  return nullptr;
}

}  // namespace

bool is_library_file(std::string_view file) {
  if (file.empty()) return true;
  for (const std::string_view prefix :
       {"/usr/include/", "/usr/lib/", "/usr/local/include/", "/usr/local/lib/", "./nptl/", "./csu/",
        "../sysdeps/", "/build/glibc", "/usr/src/"}) {
    if (begins_with(file, prefix)) return true;
  }
  // Asio, wherever a project keeps it.
  for (const std::string_view part : {"/include/boost/", "/boost/asio/", "/include/asio/",
                                      "/asio/impl/", "/asio/detail/", "/asio/experimental/"}) {
    if (file.find(part) != std::string_view::npos) return true;
  }
  // Clang spells the C++ library's headers with ".." and the machine's name in the middle.
  const std::size_t include = file.find("/include/");
  if (include == std::string_view::npos) return false;
  const std::string_view rest = file.substr(include);
  return rest.find("/c++/") != std::string_view::npos || begins_with(rest, "/include/trama/");
}

std::string_view base_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash != std::string_view::npos) path.remove_prefix(slash + 1);
  return path;
}

const SourceFrame* user_frame(const Trace& trace, std::uint32_t place, std::uint32_t stack) {
  const SourceFrame* fallback = nullptr;
  if (const SourceFrame* found = first_of(trace, place, fallback)) return found;
  if (stack < trace.stacks.size()) {
    for (const std::uint32_t outer : trace.stacks[stack]) {
      if (const SourceFrame* found = first_of(trace, outer, fallback)) return found;
    }
  }
  return fallback;
}

}  // namespace trama
