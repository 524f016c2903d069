// The memory models under which executions may be enumerated.
//
// A model says which execution graphs (program order, reads-from, modification order) a
// program has. Each of these allows all that the one before it allows.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace trama {

enum class MemoryModel : std::uint8_t {
  sc,    ///< interleaving: sequential consistency (Lamport, 1979), whatever the orders say
  tso,   ///< store buffers: x86-TSO (Owens et al., TPHOLs 2009) behind the usual mapping of C++
  rc11,  ///< C++ as in "Repairing Sequential Consistency in C/C++11" (Lahav et al., PLDI 2017)
};

inline constexpr std::array kMemoryModels = {MemoryModel::sc, MemoryModel::tso, MemoryModel::rc11};

constexpr std::string_view to_text(MemoryModel model) {
  constexpr std::array<std::string_view, 3> kNames = {"sc", "tso", "rc11"};
  return kNames[static_cast<std::size_t>(model)];
}

/// The inverse of to_text; nothing for any other text.
constexpr std::optional<MemoryModel> memory_model_from_text(std::string_view text) {
  for (const MemoryModel model : kMemoryModels) {
    if (to_text(model) == text) return model;
  }
  return std::nullopt;
}

}  // namespace trama
