// The end that run, hunt and replay have in common.
#include <unistd.h>

#include "base/check.hpp"
#include "cli/commands.hpp"
#include "cli/memory_file.hpp"
#include "cli/screen.hpp"
#include "cli/trace_files.hpp"
#include "report/json_report.hpp"
#include "report/text_report.hpp"

namespace trama {

bool save_traces(const Invocation& invocation, SessionReport& report) {
  for (ReportedTrace& reported : report.traces) {
    Result<std::string> path =
        write_trace_file(reported.trace, invocation.out_folder, invocation.language);
    if (!path) {
      complain(invocation.language, path.error().message);
      return false;  // the next one would fail as this one did
    }
    reported.path = path.value();
  }
  return true;
}

int finish(const Invocation& invocation, const SessionReport& report, int descriptor) {
  const int code = exit_code_of(report);
  const bool failed = report.internal || report.summary.verdict == Verdict::error;
  const bool died = report.summary.verdict == Verdict::finding && !report.summary.message.empty();
  if (failed || died) {
    complain(invocation.language, report.summary.message);
    if (!report.captured.empty()) write_all(STDERR_FILENO, report.captured + "\n");
  }
  std::string text;
  if (invocation.json) {
    text = json_report(report.summary, report.traces, invocation.language);
  } else if (!failed || !report.traces.empty()) {
    text = text_report(report.summary, report.traces, style_for(invocation, descriptor));
  }
  if (!write_all(invocation.json ? STDOUT_FILENO : descriptor, text)) return kExitUsage;
  return code;
}

}  // namespace trama
