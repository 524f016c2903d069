// One ELF file and its debug information, opened through libdwfl.
#pragma once

#include <elfutils/libdwfl.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "report/variable_path.hpp"
#include "trace/trace.hpp"

namespace trama {

/// Code of a function; one that the compiler split has several.
struct FunctionRange {
  std::uint64_t low;
  std::uint64_t high;
  Dwarf_Die die;
};

class ModuleSymbols {
 public:
  explicit ModuleSymbols(const std::string& path);
  ~ModuleSymbols();
  ModuleSymbols(const ModuleSymbols&) = delete;
  ModuleSymbols& operator=(const ModuleSymbols&) = delete;

  [[nodiscard]] bool is_open() const { return module_ != nullptr; }
  [[nodiscard]] bool has_debug_info() const { return debug_info_; }
  /// Hexadecimal; empty where the file has none.
  [[nodiscard]] const std::string& build_id() const { return build_id_; }
  /// The frames at an address of the file, innermost first, inlined calls expanded.
  std::vector<SourceFrame> code(std::uint64_t address);
  /// The name of the variable that covers an address of the file: "contas[1].saldo", or
  /// "contas+8" without DWARF, or nothing.
  std::string data(std::uint64_t address);

 private:
  /// The compilation unit of a code address, or null.
  Dwarf_Die* unit_at(std::uint64_t where, std::uint64_t& dwarf_bias);
  /// The function whose code stands at an address of the unit, or null.
  const Dwarf_Die* function_at(Dwarf_Die* unit, std::uint64_t address);
  std::vector<SourceFrame> inline_chain(std::uint64_t where, SourceFrame frame);
  std::string symbol_name(std::uint64_t address, bool data);
  void read_variables();
  std::string variable_name(std::uint64_t address);

  Dwfl* dwfl_ = nullptr;
  Dwfl_Module* module_ = nullptr;
  std::uint64_t bias_ = 0;  ///< what dwfl adds to the file's addresses
  std::string build_id_;
  bool debug_info_ = false;
  /// Of the units that were asked for, by their offset; sorted. Units are large: walking through
  /// one for each address takes seconds.
  std::map<std::uint64_t, std::vector<FunctionRange>> functions_;
  bool variables_read_ = false;
  std::vector<Variable> variables_;  ///< sorted by address; addresses of the file
};

}  // namespace trama
