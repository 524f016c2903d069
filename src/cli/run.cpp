// trama run: one controlled execution, with the program's own input and output.
#include <unistd.h>

#include "base/check.hpp"
#include "cli/commands.hpp"
#include "cli/elf_check.hpp"
#include "cli/screen.hpp"
#include "cli/session_input.hpp"
#include "cli/unseen.hpp"

namespace trama {

int command_run(const Invocation& invocation) {
  const Language language = invocation.language;
  if (invocation.operands.empty() || invocation.operands.front().empty()) {
    return operating_error(invocation, say(language, Message::error_no_program, "run"));
  }
  const std::string& name = invocation.operands.front();
  const std::string path = find_program(name);
  const Result<ElfFacts> facts = check_program(path, name, language);
  if (!facts) return operating_error(invocation, facts.error().message);
  if (!facts.value().debug_info)
    complain(language, say(language, Message::elf_no_debug_info, name));
  ProgramScan scan(path, ProgramScan::kHuntSize);
  if (scan.is_too_large()) complain(language, say(language, Message::note_large_program, name));

  // Where something is found, the runtime takes the execution again, without its output, to
  // record it; with a terminal as input, which cannot be read twice, it records at once.
  Options options = invocation.options;
  options.executions = 1;
  options.consequence = 0;
  LaunchRequest request;
  request.path = path;
  request.name = name;
  request.arguments.assign(invocation.operands.begin() + 1, invocation.operands.end());
  request.input = session_input(options, false);
  request.capture = false;
  request.output_to_stderr = invocation.json;
  request.language = language;
  Result<LaunchOutcome> outcome = launch(request);
  if (!outcome) return operating_error(invocation, outcome.error().message);

  SessionReport report = read_outcome(invocation, outcome.value(), request);
  add_unseen(scan, outcome.value().modules, report.summary);
  const bool saved = save_traces(invocation, report);
  const int code = finish(invocation, report, STDERR_FILENO);
  return saved ? code : kExitUsage;
}

}  // namespace trama
