// What is known of this terminal, and how a command speaks to it.
#pragma once

#include <string>

#include "cli/arguments.hpp"
#include "report/style.hpp"
#include "trace/trace.hpp"

namespace trama {

/// The style for text printed to `descriptor`: colours only on a terminal that wants them
/// (NO_COLOR, TERM=dumb and --color are heeded), at most 100 columns.
TextStyle style_for(const Invocation& invocation, int descriptor);

/// Finds the functions and lines of a trace that has none; says on stderr why where the files
/// that it names are gone or were built anew.
void name_unnamed(Trace& trace, Language language);

/// Prints "trama: …" on stderr.
void complain(Language language, const std::string& message);

/// Prints the error, as JSON too where asked for, and gives its exit code, 2.
int operating_error(const Invocation& invocation, const std::string& message);

}  // namespace trama
