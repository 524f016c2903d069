// The source files that a program was made of, as its debug information names them.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace trama {

struct CompilationUnit {
  std::string name;      ///< the source file
  std::string producer;  ///< the compiler; GCC's tells the options too
  std::vector<std::pair<std::uint64_t, std::uint64_t>> code;  ///< [low, high) in the file
};

/// All units; none where there is no debug information.
std::vector<CompilationUnit> compilation_units(const std::string& path);

}  // namespace trama
