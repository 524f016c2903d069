// The screen that a person reads: what was found, why, and how to see it again.
//
// At most `style.lines` lines (25) of `style.width` columns unless `style.full`; the last
// line is the command that replays the finding.
#pragma once

#include <string>
#include <vector>

#include "report/style.hpp"
#include "report/summary.hpp"

namespace trama {

/// The whole report of a session; ends with a line end.
std::string text_report(const Summary& summary, const std::vector<ReportedTrace>& traces,
                        const TextStyle& style);

/// The picture of one trace, as `trama show` prints it. `path` is where it stands.
std::string text_show(const Trace& trace, const std::string& path, const TextStyle& style);

/// A part, 0 … 1, as "12%"; "<1%" and ">99%" at the ends.
std::string percent_text(double part);

/// The verdict in one line: "sampled: 10000 executions, seed 7, none failed".
std::string verdict_line(const Summary& summary, Language language);

/// A path or argument as one word of a shell command.
std::string shell_word(std::string_view text);

/// As a string literal of C++.
std::string c_text(std::string_view text);

}  // namespace trama
