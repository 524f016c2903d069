// The same facts for programs: one JSON object, its keys always in the same order.
#pragma once

#include <string>
#include <vector>

#include "report/style.hpp"
#include "report/summary.hpp"

namespace trama {

/// One object and a line end. Sentences are in the style's language; keys and codes are not
/// translated.
std::string json_report(const Summary& summary, const std::vector<ReportedTrace>& traces,
                        Language language);

/// A whole trace, for `trama show --json`.
std::string json_trace(const Trace& trace, Language language);

}  // namespace trama
