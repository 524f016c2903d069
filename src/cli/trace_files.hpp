// Trace files on disk: reading one, and writing new ones without touching an old one.
#pragma once

#include <string>

#include "base/result.hpp"
#include "report/messages.hpp"
#include "trace/trace.hpp"

namespace trama {

/// A trace and the very text it was read from, which a replay passes on.
struct TraceFile {
  Trace trace;
  std::string text;
};

Result<TraceFile> read_trace_file(const std::string& path, Language language);

/// Writes `folder/<program>-<code>-<seed>[-n].trama`, makes the folder if needed, and gives
/// the path. An existing file is never written over: the next free n is taken.
Result<std::string> write_trace_file(const Trace& trace, const std::string& folder,
                                     Language language);

}  // namespace trama
