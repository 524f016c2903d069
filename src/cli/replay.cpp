// trama replay: the execution of a trace file again, step for step.
#include <unistd.h>

#include "base/check.hpp"
#include "cli/commands.hpp"
#include "cli/elf_check.hpp"
#include "cli/screen.hpp"
#include "cli/session_input.hpp"
#include "cli/trace_files.hpp"
#include "report/text_report.hpp"

namespace trama {
namespace {

/// The settings that the trace was made with, for those parts that a replay needs again.
Invocation as_recorded(const Invocation& invocation, const Trace& trace) {
  Invocation result = invocation;
  result.options.seed = trace.seed;
  result.options.strategy = trace.strategy;
  result.options.executions = 1;
  result.options.consequence = 0;
  return result;
}

/// Judges what came: the same finding, another, or none where one was recorded.
void compare(const Trace& recorded, const std::string& path, SessionReport& report) {
  for (ReportedTrace& reported : report.traces) {
    reported.path = path;  // nothing new is written
    reported.trace.execution = recorded.execution;
  }
  Summary& summary = report.summary;
  summary.executions = 1;
  if (!report.traces.empty()) {
    summary.verdict = Verdict::finding;
    summary.same_finding = same_finding(recorded, report.traces.front().trace);
    return;
  }
  const bool followed = summary.verdict == Verdict::replayed || summary.verdict == Verdict::sampled;
  if (!followed) return;
  summary.steps = recorded.steps.size();
  summary.same_finding = recorded.findings.empty();
  if (!recorded.findings.empty()) summary.verdict = Verdict::diverged;
}

}  // namespace

int command_replay(const Invocation& invocation) {
  const Language language = invocation.language;
  const std::vector<std::string>& operands = invocation.operands;
  if (operands.empty()) {
    return operating_error(invocation, say(language, Message::error_no_file, "replay"));
  }
  if (operands.size() > 2) {
    return operating_error(invocation, say(language, Message::error_extra_argument, operands[2]));
  }
  Result<TraceFile> file = read_trace_file(operands[0], language);
  if (!file) return operating_error(invocation, file.error().message);
  Trace& trace = file.value().trace;
  if (!trace.check.empty()) {
    return operating_error(invocation, say(language, Message::error_check_trace,
                                           c_text(operands[0]), c_text(trace.check)));
  }
  const std::string name = operands.size() > 1 ? operands[1] : trace.program;
  name_unnamed(trace, language);
  const std::string path = find_program(name);
  const Result<ElfFacts> facts = check_program(path, name, language);
  if (!facts) return operating_error(invocation, facts.error().message);
  if (!trace.build_id.empty() && facts.value().build_id != trace.build_id) {
    complain(language, say(language, Message::note_program_changed, name));
  }

  const Invocation recorded = as_recorded(invocation, trace);
  LaunchRequest request;
  request.path = path;
  request.name = name;
  request.arguments = trace.arguments;
  request.input = replay_input(recorded.options, file.value().text);
  request.language = language;
  Result<LaunchOutcome> outcome = launch(request);
  if (!outcome) return operating_error(invocation, outcome.error().message);
  SessionReport report = read_outcome(recorded, outcome.value(), request, &trace);
  const bool lost = report.traces.empty() && !trace.findings.empty();
  compare(trace, operands[0], report);
  if (lost && report.summary.verdict == Verdict::diverged && report.summary.message.empty()) {
    report.summary.message = say(language, Message::verdict_replayed_lost);
  }
  return finish(recorded, report, STDOUT_FILENO);
}

}  // namespace trama
