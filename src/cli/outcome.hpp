// From the end of a session to what is printed: traces read and resolved, verdict, files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "cli/arguments.hpp"
#include "cli/launch.hpp"
#include "report/summary.hpp"

namespace trama {

struct SessionReport {
  Summary summary;
  std::vector<ReportedTrace> traces;  ///< those with a finding
  bool internal = false;              ///< the process died; `summary.message` says how
  std::string captured;               ///< what it had printed then
};

/// `request` is what was started. `known` is the trace that was replayed, if any: its places help to name steps.
SessionReport read_outcome(const Invocation& invocation, const LaunchOutcome& outcome,
                           const LaunchRequest& request, const Trace* known = nullptr);

/// The last line that is not empty, fit to be printed.
std::string last_line(std::string_view text);

/// True if both traces show the same thing: code, reason, and where.
bool same_finding(const Trace& a, const Trace& b);

/// Puts source lines into a message of the runtime: for "@0+0x1234" (module and offset in
/// the program as it is) and for "expected-place 12" (a place of the trace replayed).
std::string name_places(const std::string& message, const Trace& known);

/// The exit code that goes with a verdict.
int exit_code_of(const SessionReport& report);

}  // namespace trama
