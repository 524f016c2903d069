// Child processes of the program: they run by themselves, out of control, and are named so.
// Executions that have some run in processes of their own (session_fork.hpp).
#pragma once

namespace trama::runtime {

/// Nothing was started: an execution begins.
void begin_children();
/// The program has started a child process in this execution.
bool has_children();
/// This is a child that the program forked: it runs as if Trama were not there.
bool in_child();
/// Ends such a child as libc's exit does.
[[noreturn]] void exit_child(int status);
/// At the end of an execution's own process: children that still run end with it.
void end_children();

}  // namespace trama::runtime
