// The one-line verdict of a session, and words for a shell.
#include "report/text_report.hpp"
#include "report/text_width.hpp"

namespace trama {
namespace {

std::string replay_verdict(const Summary& summary, Language language) {
  if (summary.verdict == Verdict::finding) {
    return say(language, summary.same_finding ? Message::verdict_replayed_same
                                              : Message::verdict_replayed_other);
  }
  return say(language, Message::verdict_replayed, summary.steps);
}

/// What the verdict is bounded by; empty where it holds without bounds. A bound that kept nothing
/// out is none.
std::string bounds_of(const Summary& summary, Language language) {
  std::string preemptions;
  std::string rounds;
  if (summary.pruned != 0) {
    preemptions = summary.preemptions == "1"
                      ? say(language, Message::bound_preemption_one)
                      : say(language, Message::bound_preemptions, summary.preemptions);
  }
  if (summary.cut != 0) {
    rounds = summary.unroll == 1 ? say(language, Message::bound_round_one)
                                 : say(language, Message::bound_rounds, summary.unroll);
  }
  if (preemptions.empty() || rounds.empty()) return preemptions + rounds;
  return say(language, Message::bound_and, preemptions, rounds);
}

std::string verified_line(const Summary& summary, Language language) {
  const std::string bounds = bounds_of(summary, language);
  if (bounds.empty()) {
    return say(language, Message::verdict_verified, summary.complete, summary.model);
  }
  std::string line =
      say(language, Message::verdict_verified_up_to, bounds, summary.complete, summary.model);
  if (summary.cut != 0) line += "; " + say(language, Message::note_cut, summary.cut);
  return line;
}

std::string incomplete_line(const Summary& summary, Language language) {
  std::string line =
      summary.estimate > 0
          ? say(language, Message::verdict_incomplete_part, summary.executions,
                percent_text(summary.explored), summary.model)
          : say(language, Message::verdict_incomplete_unknown, summary.executions, summary.model);
  const std::string bounds = bounds_of(summary, language);
  if (!bounds.empty()) line += "; " + say(language, Message::note_up_to, bounds);
  return line;
}

}  // namespace

std::string percent_text(double part) {
  const double percent = part * 100;
  if (percent < 1) return "<1%";
  if (percent > 99) return ">99%";
  return fmt::format("{:.0f}%", percent);
}

std::string verdict_line(const Summary& summary, Language language) {
  std::string line;
  switch (summary.verdict) {
    case Verdict::finding:
    case Verdict::replayed:
      if (summary.command == "replay") return replay_verdict(summary, language);
      return {};  // the finding's own head says it
    case Verdict::sampled:
      line = summary.executions == 1
                 ? say(language, Message::verdict_sampled_one, summary.seed)
                 : say(language, Message::verdict_sampled, summary.executions, summary.seed);
      break;
    case Verdict::verified:
      line = verified_line(summary, language);
      if (summary.blocked != 0)
        line += "; " + say(language, Message::note_blocked, summary.blocked);
      break;
    case Verdict::incomplete:
      line = summary.command == "verify"
                 ? incomplete_line(summary, language)
                 : say(language, Message::verdict_incomplete, summary.executions, summary.seed);
      break;
    case Verdict::diverged: return say(language, Message::verdict_diverged);
    case Verdict::error: return say(language, Message::verdict_error, summary.message);
  }
  const auto note = [&](const std::string& text) { line += "; " + text; };
  if (summary.stopped) note(say(language, Message::note_stopped));
  if (summary.time_up) note(say(language, Message::note_time_up));
  if (summary.step_limited > 0) {
    note(say(language, Message::note_step_limited, summary.step_limited, summary.max_steps));
  }
  if (summary.forked) note(say(language, Message::note_fork, summary.isolation_reason));
  return line;
}

std::string shell_word(std::string_view text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-=:@%,";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos) {
    return std::string(text);
  }
  std::string word = "'";
  for (const char c : text) {
    if (c == '\'') {
      word += "'\\''";
    } else {
      word += c;
    }
  }
  return word + "'";
}

std::string c_text(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return printable(result + '"');
}

}  // namespace trama
