// From addresses to names: fills a trace's places with functions and lines (DWARF through
// elfutils), and its objects with the names of the program's variables.
//
// Only the files that the trace names are read; no process is touched. A place in a file
// without debug information gets the ELF symbol instead, without a line; where even that
// is missing it keeps no frame and reports show module+offset.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "trace/trace.hpp"

namespace trama {

struct ResolveResult {
  bool debug_info = true;  ///< false where the program itself has none
  std::string missing;     ///< an instrumented file that is not there any more
  std::string changed;     ///< one whose build id is not the trace's: left unresolved
};

/// Opens each file once, for all traces that it resolves.
class Resolver {
 public:
  Resolver();
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  /// Resolves every place, and every object and racing address that stands in a module.
  /// Places hold return addresses, so the instruction before is looked up. Races on
  /// addresses that the trace has no object for get one of kind `memory`.
  ResolveResult resolve(Trace& trace);

 private:
  class Modules;
  std::unique_ptr<Modules> modules_;
};

/// The names of variables at addresses of files, each opened once.
class VariableNames {
 public:
  VariableNames();
  ~VariableNames();
  VariableNames(const VariableNames&) = delete;
  VariableNames& operator=(const VariableNames&) = delete;
  /// Empty where there is none.
  const std::string& at(const std::string& path, std::uint64_t offset);

 private:
  struct File;
  std::vector<std::unique_ptr<File>> files_;
};

/// True if the trace has places and no name for any: written by the program itself.
bool is_unresolved(const Trace& trace);

/// The same for one address; innermost first.
std::vector<SourceFrame> resolve_address(const std::string& module_path, std::uint64_t offset);

}  // namespace trama
