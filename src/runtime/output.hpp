// The standard streams between executions.
#pragma once

namespace trama::runtime {

/// Tells that a standard descriptor is a memory file, which may be emptied and rewound.
void note_captured(int descriptor, bool captured);
/// Empties what the program wrote.
void drop_output();
/// Standard output and error empty, standard input at its beginning.
void rewind_streams();

}  // namespace trama::runtime
