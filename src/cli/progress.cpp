#include "cli/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "report/text_report.hpp"

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

std::string round_number(double number) { return fmt::format("{:.0f}", number); }

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
  if (invocation_.command == "verify") return show_exploration(control);
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start_;
  const double seconds = passed.count();
  const auto executions = static_cast<double>(control.executions.load());
  const double left =
      seconds_left(invocation_.options, invocation_.time_alone, executions, seconds);
  const Language language = invocation_.language;
  const std::string time =
      left < 0 ? say(language, Message::progress_passed, fmt::format("{:.0f}", seconds))
               : say(language, Message::progress_left, fmt::format("{:.0f}", left));
  print(say(language, Message::progress, control.executions.load(),
            fmt::format("{:.0f}", seconds > 0 ? executions / seconds : 0), control.distinct.load(),
            time));
}

void Progress::show_exploration(const ControlBlock& control) {
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start_;
  const double seconds = passed.count();
  const std::uint64_t executions = control.executions.load();
  const double explored = control.explored.load();
  const double estimate = control.estimate.load();
  if (first_explored_ < 0) {  // what was there already, where it goes on from a checkpoint
    first_explored_ = explored;
    first_executions_ = executions;
    first_seconds_ = seconds;
    return;
  }
  const double worked = seconds - first_seconds_;
  const double progress = explored - first_explored_;
  const double rate = worked > 0 ? static_cast<double>(executions - first_executions_) / worked : 0;
  double left = -1;
  if (progress > 0) left = (1 - explored) * worked / progress;
  const auto limit = static_cast<double>(invocation_.options.time_s);
  if (limit > 0 && (left < 0 || limit - seconds < left)) left = std::max(0.0, limit - seconds);
  const Language language = invocation_.language;
  const std::string time = left < 0 ? say(language, Message::progress_passed, round_number(seconds))
                                    : say(language, Message::progress_left, round_number(left));
  print(say(language, Message::progress_verify, executions, round_number(rate),
            percent_text(explored), estimate > 0 ? round_number(estimate) : "?", time));
}

void Progress::print(const std::string& line) {
  fmt::print(stderr, "\r\x1b[K{}", line);
  std::fflush(stderr);
  shown_ = true;
}

}  // namespace trama
