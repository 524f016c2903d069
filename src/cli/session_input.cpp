#include "cli/session_input.hpp"

#include <fmt/format.h>

namespace trama {

std::string session_input(const Options& options, bool record) {
  std::string text;
#define TRAMA_X(type, identifier, flag, value, en, pt) \
  text += fmt::format("{}={}\n", flag, options.identifier);
  TRAMA_OPTIONS(TRAMA_X)
#undef TRAMA_X
  if (record) text += "record=1\n";
  return text;
}

std::string replay_input(const Options& options, std::string_view trace_text) {
  return session_input(options, false) + "---\n" + std::string(trace_text);
}

}  // namespace trama
