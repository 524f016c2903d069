// From addresses to names: fills a trace's places with functions and lines (DWARF through
// elfutils), and its objects with the names of the program's variables.
//
// Only the files that the trace names are read; no process is touched. A place in a file
// without debug information gets the ELF symbol instead, without a line; where even that
// is missing it keeps no frame and reports show module+offset.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "trace/trace.hpp"

namespace trama {

struct ResolveResult {
  bool debug_info = true;  ///< false where the program itself has none
};

/// Resolves every place, and every object and racing address that stands in a module.
/// Places hold return addresses, so the instruction before is looked up. Races on
/// addresses that the trace has no object for get one of kind `memory`.
ResolveResult resolve(Trace& trace);

/// The same for one address; innermost first.
std::vector<SourceFrame> resolve_address(const std::string& module_path, std::uint64_t offset);

}  // namespace trama
