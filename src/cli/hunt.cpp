// trama hunt: many executions, each in another order, until one fails.
// trama verify: every execution, each once, until one fails.
#include <unistd.h>

#include "base/check.hpp"
#include "cli/commands.hpp"
#include "cli/elf_check.hpp"
#include "cli/files.hpp"
#include "cli/progress.hpp"
#include "cli/screen.hpp"
#include "cli/session_input.hpp"
#include "cli/unseen.hpp"
#include "cli/verify.hpp"

namespace trama {

namespace {

int explore(Invocation invocation) {
  const Language language = invocation.language;
  if (invocation.operands.empty() || invocation.operands.front().empty()) {
    return operating_error(invocation,
                           say(language, Message::error_no_program, invocation.command));
  }
  const std::string& name = invocation.operands.front();
  const std::string path = find_program(name);
  const Result<ElfFacts> facts = check_program(path, name, language);
  if (!facts) return operating_error(invocation, facts.error().message);
  if (!facts.value().debug_info)
    complain(language, say(language, Message::elf_no_debug_info, name));
  if (invocation.options.verify) {
    // Its work may be hours, and go on from a checkpoint.
    if (const auto problem = why_not_writable(invocation.out_folder, language)) {
      return operating_error(invocation, problem->message);
    }
  }
  ProgramScan scan(path, ProgramScan::kHuntSize);
  if (scan.is_too_large()) complain(language, say(language, Message::note_large_program, name));

  LaunchRequest request;
  request.path = path;
  request.name = name;
  request.arguments.assign(invocation.operands.begin() + 1, invocation.operands.end());
  request.language = language;
  if (const auto problem = resume(invocation, facts.value(), request)) {
    return operating_error(invocation, problem->message);
  }
  request.input = session_input(invocation.options, false);
  Result<LaunchOutcome> outcome = [&] {
    Progress progress(invocation);
    request.tick = [&](const ControlBlock& control) { progress.show(control); };
    return launch(request);
  }();
  if (!outcome) return operating_error(invocation, outcome.error().message);

  SessionReport report = read_outcome(invocation, outcome.value(), request);
  add_unseen(scan, outcome.value().modules, report.summary);
  const bool saved = save_traces(invocation, report) &&
                     save_checkpoint(invocation, facts.value(), request, outcome.value(), report);
  const int code = finish(invocation, report, STDOUT_FILENO);
  return saved ? code : kExitUsage;
}

}  // namespace

int command_hunt(const Invocation& invocation) { return explore(invocation); }

int command_verify(const Invocation& invocation) {
  Invocation verify = invocation;
  verify.options.verify = true;
  return explore(std::move(verify));
}

}  // namespace trama
