#include "base/options.hpp"

#include <charconv>

namespace trama {
namespace {

bool assign(std::uint64_t& target, std::string_view text) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc{} || stop != end) return false;
  target = value;
  return true;
}

bool assign(bool& target, std::string_view text) {
  if (text != "true" && text != "false") return false;
  target = text == "true";
  return true;
}

bool assign(std::string& target, std::string_view text) {
  target.assign(text);
  return true;
}

}  // namespace

bool option_serves(std::string_view flag, std::string_view command) {
  constexpr std::string_view kOfVerify[] = {"max-executions", "list", "preemptions", "unroll",
                                            "jobs"};
  constexpr std::string_view kOfChance[] = {"executions", "strategy", "depth", "consequence"};
  if (flag == "verify") return false;  // it is a command
  for (const std::string_view name : kOfVerify) {
    if (name == flag) return command == "verify";
  }
  for (const std::string_view name : kOfChance) {
    if (name == flag) return command != "verify";
  }
  return true;
}

bool set_option(Options& options, std::string_view flag, std::string_view text) {
#define TRAMA_X(type, identifier, name, value, en, pt) \
  if (flag == (name)) return assign(options.identifier, text);
  TRAMA_OPTIONS(TRAMA_X)
#undef TRAMA_X
  return false;
}

}  // namespace trama
