// The text form of a Trace, version 2: read and written here and nowhere else.
//
// One record a line, first word the kind of record; a step line begins with its number,
// then thread, operation, object and place, so that two files read well side by side in a
// diff. Strings that may hold blanks are quoted with C escapes. The last line is `end`,
// so a truncated file is recognised. docs/trace-format.md shows an example.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "trace/trace.hpp"

namespace trama {

/// Appends the text of `trace`, from `trama-trace 2` to `end`, to `out`.
void write_trace(const Trace& trace, std::string& out);

/// Reads one trace from the beginning of `text`; sets `consumed` to its length, so that
/// several can follow one another. The error names the line and what is wrong with it
/// ("line 12: …"); nothing is assumed of the input.
Result<Trace> read_trace(std::string_view text, std::size_t* consumed = nullptr);

}  // namespace trama
