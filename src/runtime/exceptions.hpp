// What the C++ exception library knows, asked by name, since the runtime does not link it.
#pragma once

#include <string>

#include "event/ids.hpp"

namespace trama::runtime {

/// The type of the exception that the current thread handles, and its what() where it is a
/// std::exception: "std::runtime_error: no money". False when there is none.
bool describe_current_exception(std::string& out);

/// Which exception the current thread handles, the same wherever it is thrown on; null: none.
const void* current_exception_object();

/// The thread called std::terminate() from instrumented code without an exception.
void note_terminate_called(ThreadId thread);
/// True when that call was made while a joinable thread existed: the mark of a std::thread
/// destroyed before it was joined. Forgets the note.
bool take_joinable_note(ThreadId thread);

}  // namespace trama::runtime
