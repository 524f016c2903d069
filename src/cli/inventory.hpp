// What a program is made of, seen from its file: instrumented or not, what it may call that is not
// controlled, what may make it differ from run to run.
#pragma once

#include <string>
#include <vector>

#include "cli/unseen.hpp"
#include "report/summary.hpp"

namespace trama {

/// Something whose outcome no seed decides.
struct Varying {
  enum class Kind : std::uint8_t { clock, random, processor, call, file };
  Kind kind{};
  std::string what;  ///< instruction, function or file
  BlindCall place;   ///< of an instruction
};

struct Inventory {
  std::size_t instrumented_functions = 0;
  std::vector<std::string> plain_units;      ///< source files built without -fsanitize=thread
  std::vector<std::string> plain_functions;  ///< functions so built, of files without -g
  std::vector<std::string> blind_imports;    ///< functions imported and not controlled
  std::vector<Varying> varying;
};

/// `runtime` is the file of the runtime library, which knows what it does not control.
Inventory take_inventory(const std::string& path, const std::string& runtime, ProgramScan& scan);

}  // namespace trama
