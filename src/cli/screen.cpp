#include "cli/screen.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "base/check.hpp"
#include "report/json_report.hpp"
#include "report/symbols.hpp"

namespace trama {
namespace {

constexpr std::size_t kWidthMin = 60;
constexpr std::size_t kWidthMax = 100;

bool wants_color(ColorChoice choice, int descriptor) {
  if (choice != ColorChoice::automatic) return choice == ColorChoice::always;
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  const char* terminal = std::getenv("TERM");
  if (terminal == nullptr || std::strcmp(terminal, "dumb") == 0) return false;
  return ::isatty(descriptor) != 0;
}

std::size_t width_of(int descriptor) {
  winsize size{};
  if (::isatty(descriptor) == 0 || ::ioctl(descriptor, TIOCGWINSZ, &size) != 0 ||
      size.ws_col == 0) {
    return kWidthMax;
  }
  return std::clamp<std::size_t>(size.ws_col, kWidthMin, kWidthMax);
}

}  // namespace

TextStyle style_for(const Invocation& invocation, int descriptor) {
  TextStyle style;
  style.language = invocation.language;
  style.color = wants_color(invocation.color, descriptor);
  style.full = invocation.full;
  style.width = width_of(descriptor);
  return style;
}

void name_unnamed(Trace& trace, Language language) {
  if (!is_unresolved(trace)) return;
  const ResolveResult result = Resolver().resolve(trace);
  if (!result.changed.empty()) {
    complain(language, say(language, Message::note_module_changed, result.changed));
  } else if (!result.missing.empty()) {
    complain(language, say(language, Message::note_module_missing, result.missing));
  }
}

void complain(Language language, const std::string& message) {
  fmt::print(stderr, "{}\n", say(language, Message::error_prefix, message));
}

int operating_error(const Invocation& invocation, const std::string& message) {
  complain(invocation.language, message);
  if (invocation.json) {
    Summary summary;
    summary.command = invocation.command;
    summary.program = invocation.operands.empty() ? "" : invocation.operands.front();
    summary.verdict = Verdict::error;
    summary.strategy = invocation.options.strategy;
    summary.seed = invocation.options.seed;
    summary.message = message;
    fmt::print("{}", json_report(summary, {}, invocation.language));
  }
  return kExitUsage;
}

}  // namespace trama
