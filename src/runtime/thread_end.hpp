// The end of a thread, shared by those who bring it about.
#pragma once

namespace trama::runtime {

/// Runs the current thread's thread_local destructors and key destructors.
void run_thread_destructors();
/// Ends the current thread: destructors, then the next thread. Does not return.
[[noreturn]] void finish_thread();

void snapshot_keys();
void restore_keys();

}  // namespace trama::runtime
