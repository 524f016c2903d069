// Allowances: how much that is unlikely an execution may meet, of each kind.
#pragma once

#include <array>
#include <cstdint>

#include "schedule/choice_point.hpp"

namespace trama {

class Allowances {
 public:
  [[nodiscard]] static Allowances unlimited() {
    Allowances all;
    all.left_.fill(~std::uint64_t{0});
    return all;
  }
  /// How often; of deadlines: for how many nanoseconds in all threads that could go on may be
  /// held up.
  void set(Chance chance, std::uint64_t amount) { left(chance) = amount; }
  [[nodiscard]] bool has(Chance chance, std::uint64_t amount = 1) const {
    return left_[static_cast<std::size_t>(chance)] >= amount;
  }
  void take(Chance chance, std::uint64_t amount = 1) { left(chance) -= amount; }

 private:
  std::uint64_t& left(Chance chance) { return left_[static_cast<std::size_t>(chance)]; }

  std::array<std::uint64_t, kChanceCount> left_{};
};

}  // namespace trama
