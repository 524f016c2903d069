// The standard input of a program that runs many times: every execution reads it from the
// beginning, so it must be a file that can be rewound.
#pragma once

#include "base/result.hpp"
#include "cli/memory_file.hpp"
#include "report/messages.hpp"

namespace trama {

/// A copy of this process's standard input; empty where that is a terminal. An input that is
/// open but gives nothing for half a second counts as empty too, with a note on stderr:
/// most programs under test read nothing, and waiting for ever for a pipe that nobody
/// closes would be worse.
Result<MemoryFile> copy_standard_input(Language language);

}  // namespace trama
