// The commands, one file each. They print, and give the process's exit code.
#pragma once

#include "cli/arguments.hpp"
#include "cli/outcome.hpp"

namespace trama {

int command_run(const Invocation& invocation);
int command_hunt(const Invocation& invocation);
int command_verify(const Invocation& invocation);
int command_replay(const Invocation& invocation);
int command_show(const Invocation& invocation);
int command_cxx(const Invocation& invocation);
int command_doctor(const Invocation& invocation);

/// What run, hunt and replay end with: prints the report to `descriptor` (JSON always to
/// stdout) and an internal error's details to stderr; gives the exit code.
int finish(const Invocation& invocation, const SessionReport& report, int descriptor);

/// Writes a file for each trace of the report that has none. False where that failed, after
/// saying why.
bool save_traces(const Invocation& invocation, SessionReport& report);

}  // namespace trama
