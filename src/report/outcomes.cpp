#include "report/outcomes.hpp"

#include <algorithm>

#include "report/text_report.hpp"
#include "report/text_width.hpp"

namespace trama {
namespace {

constexpr std::size_t kGraphsShown = 3;

std::string outcome_text(const ListedOutcome& outcome, const TextStyle& style) {
  std::string text;
  if (!outcome.code.empty()) {
    text = paint(style, Paint::alarm, outcome.code);
    if (!outcome.detail.empty()) text += "  " + printable(outcome.detail);
  } else if (outcome.status != 0) {
    text = say(style.language, Message::list_status, outcome.status);
  }
  std::string_view output = outcome.output;
  while (output.ends_with('\n')) output.remove_suffix(1);
  if (!output.empty()) {
    text += (text.empty() ? "" : "  ") + printable(output);
  } else if (text.empty()) {
    text = text_of(Message::list_no_output, style.language);
  }
  return text;
}

}  // namespace

std::string list_text(const Summary& summary, const TextStyle& style) {
  std::uint64_t count = 0;
  for (const ListedOutcome& outcome : summary.outcomes) count += outcome.count;
  std::string text =
      say(style.language, Message::list_head, count, summary.outcomes.size(), summary.model) +
      "\n\n";
  for (const ListedOutcome& outcome : summary.outcomes) {
    text += fmt::format("{:>8}  {}\n", outcome.count, outcome_text(outcome, style));
    const std::size_t shown =
        style.full ? outcome.graphs.size() : std::min(outcome.graphs.size(), kGraphsShown);
    for (std::size_t i = 0; i < shown; ++i) {
      const std::string line = printable(outcome.graphs[i]);
      const std::string fit = style.full ? line : shorten(line, style.width - 10);
      text += "          " + paint(style, Paint::dim, fit) + "\n";
    }
    if (shown < outcome.count) {
      const std::string more = say(style.language, Message::list_more, outcome.count - shown);
      if (!style.full) text += "          " + paint(style, Paint::dim, more) + "\n";
    }
  }
  if (const std::string verdict = verdict_line(summary, style.language); !verdict.empty()) {
    text += "\n" + verdict + "\n";
  }
  return text;
}

}  // namespace trama
