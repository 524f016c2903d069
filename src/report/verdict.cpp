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

}  // namespace

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
      line = say(language, Message::verdict_verified, summary.complete, summary.model);
      if (summary.blocked != 0)
        line += "; " + say(language, Message::note_blocked, summary.blocked);
      break;
    case Verdict::incomplete:
      line = say(language, Message::verdict_incomplete, summary.executions, summary.seed);
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
