// The standard streams between executions.
#pragma once

#include <cstddef>

namespace trama::runtime {

/// Tells that a standard descriptor is a memory file, which may be emptied and rewound.
void note_captured(int descriptor, bool captured);
/// Empties what the program wrote.
void drop_output();
/// Standard output and error empty, standard input at its beginning.
void rewind_streams();

/// Whether what is written there is the program's own output, and not, say, a pipe of its own.
bool to_terminal(int descriptor);

/// The current thread is about to print this: one step.
void output_step(const void* text, std::size_t size, void* pc);

}  // namespace trama::runtime
