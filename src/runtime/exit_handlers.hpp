// The program's own end: what it registered with atexit, and leaving an execution by exit.
#pragma once

#include <cstdint>

namespace trama::runtime {

/// Ends the execution as exit(status) ends a process: thread-local destructors of the
/// current thread, handlers in reverse order, destructor functions of the program, streams
/// flushed. A status other than 0 is a finding.
[[noreturn]] void exit_execution(int status, std::uint64_t pc);

void snapshot_exit_handlers();
void restore_exit_handlers();

}  // namespace trama::runtime
