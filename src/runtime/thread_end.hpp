// The end of a thread, shared by those who bring it about.
#pragma once

#include <cstdint>

namespace trama::runtime {

/// Runs the current thread's thread_local destructors and key destructors.
void run_thread_destructors();
/// Ends the current thread: destructors, then the next thread. Does not return.
[[noreturn]] void finish_thread();

/// Where the C++ library stands in the program: finds the key under which it keeps what is to be
/// done at a thread's end, by who asks for it; and looks at that list before it is run, for what
/// set_value_at_thread_exit publishes. In libstdcxx_future.cpp.
void note_key_asked_for(unsigned key, std::uint64_t pc);
void look_at_list_of_thread_end(unsigned key, void* first);

void snapshot_keys();
void restore_keys();

}  // namespace trama::runtime
