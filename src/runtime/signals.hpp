// Signals: crashes of the program become findings, and a timer sees executions that stall.
#pragma once

#include <signal.h>

#include <cstdint>

namespace trama::runtime {

/// Takes over SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP and the stall timer's signal.
/// `stall_s`: an execution is given up after so many seconds within one step.
void start_signals(std::uint64_t stall_s);

/// In a copy of the process, which has the handlers but no timer.
void restart_timer();

/// Gives the signals back to whoever had them, and stops the timer.
void stop_signals();

/// Called four times a second by the timer: whatever the host wants to look at (time, a stop).
extern void (*g_on_tick)();

/// True when the last execution was given up because it stalled.
extern bool g_stalled;

/// What the process began with: its handlers, its mask.
const struct sigaction& initial_action(int signal);
std::uint64_t initial_mask();

}  // namespace trama::runtime
