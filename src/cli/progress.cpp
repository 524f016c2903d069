#include "cli/progress.hpp"

#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace trama {
namespace {

/// Seconds until the first of the two limits, at this rate; negative if unknown.
double seconds_left(const Options& options, bool time_alone, double executions, double seconds) {
  double left = -1;
  if (options.time_s != 0) left = static_cast<double>(options.time_s) - seconds;
  if (!time_alone && executions > 0 && seconds > 0) {
    const double remaining = static_cast<double>(options.executions) - executions;
    const double needed = remaining * seconds / executions;
    if (left < 0 || needed < left) left = needed;
  }
  return left < 0 ? -1 : left;
}

}  // namespace

Progress::Progress(const Invocation& invocation) : invocation_(invocation) {
  const char* terminal = std::getenv("TERM");
  const bool dumb = terminal == nullptr || std::strcmp(terminal, "dumb") == 0;
  active_ = ::isatty(STDERR_FILENO) != 0 && !dumb;
}

Progress::~Progress() {
  if (!shown_) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
}

void Progress::show(const ControlBlock& control) {
  if (!active_) return;
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start_;
  const double seconds = passed.count();
  const auto executions = static_cast<double>(control.executions.load());
  const double left =
      seconds_left(invocation_.options, invocation_.time_alone, executions, seconds);
  const Language language = invocation_.language;
  const std::string time =
      left < 0 ? say(language, Message::progress_passed, fmt::format("{:.0f}", seconds))
               : say(language, Message::progress_left, fmt::format("{:.0f}", left));
  const std::string line = say(language, Message::progress, control.executions.load(),
                               fmt::format("{:.0f}", seconds > 0 ? executions / seconds : 0),
                               control.distinct.load(), time);
  fmt::print(stderr, "\r\x1b[K{}", line);
  std::fflush(stderr);
  shown_ = true;
}

}  // namespace trama
