// The loaded files of the process: where their code and data stand, which are instrumented.
//
// Read once, before the first execution; a program that loads libraries later makes the
// list old, which the snapshot notices (see note_blind("dlopen")).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "trace/trace.hpp"

namespace trama::runtime {

struct Range {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  [[nodiscard]] bool contains(std::uint64_t address) const { return address - low < high - low; }
};

struct Module {
  TraceModule description;
  Range whole;                  ///< from its first to its last mapped byte
  std::vector<Range> writable;  ///< segments that the program may write, RELRO left out
  bool is_runtime = false;      ///< this library
  bool is_loader = false;       ///< ld.so or the vDSO
};

/// Reads the list; may be called again.
void read_modules();
/// True when a library was loaded since the list was read.
bool modules_were_added();
const std::vector<Module>& modules();
/// Index into modules(), or kNoIndex.
std::uint32_t module_of(std::uint64_t address);

/// True when the code at `pc` belongs to a module that was built with -fsanitize=thread.
bool is_instrumented(std::uint64_t pc);
/// The program's code, where all of it is instrumented; empty otherwise. For a quick answer.
extern Range g_instrumented_program;
inline bool is_instrumented(const void* pc) {
  if (g_instrumented_program.contains(reinterpret_cast<std::uint64_t>(pc))) return true;
  return is_instrumented(reinterpret_cast<std::uint64_t>(pc));
}
/// True for code of this library.
bool is_runtime_code(std::uint64_t pc);
/// True for code of GCC's unwinder, where that is a library of its own.
bool is_unwinder_code(std::uint64_t pc);
/// True for static data of a module that is not instrumented: what such libraries keep
/// there (std::cout, say) they guard in ways that instrumentation does not see.
bool is_foreign_data(std::uint64_t address);

}  // namespace trama::runtime
