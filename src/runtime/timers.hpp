// Timers: alarm, setitimer, timer_create. Each is a fiber of its own, which sleeps in virtual
// time and then does what the kernel would: sends a signal, or calls a function.
#pragma once

namespace trama::runtime {

/// No timer is set: an execution begins.
void begin_timers();
/// Apart from the current thread, timers alone are alive: they do not keep a process.
bool only_timers_are_left();

}  // namespace trama::runtime
