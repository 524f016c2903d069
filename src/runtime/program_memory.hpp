// What stands in the program's memory, for who keeps executions as graphs.
#pragma once

#include <cstdint>
#include <cstring>

#include "memory/execution_graph.hpp"

namespace trama::runtime {

/// The value of an atomic of `size` bytes, at most sixteen.
inline Word read_memory(std::uint64_t address, unsigned size) {
  Word word;
  const auto* memory = reinterpret_cast<const void*>(address);
  switch (size) {  // known sizes are loads, not calls
    case 1: std::memcpy(&word.low, memory, 1); break;
    case 2: std::memcpy(&word.low, memory, 2); break;
    case 4: std::memcpy(&word.low, memory, 4); break;
    case 8: std::memcpy(&word.low, memory, 8); break;
    default: std::memcpy(static_cast<void*>(&word), memory, size);
  }
  return word;
}

}  // namespace trama::runtime
