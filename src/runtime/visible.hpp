// Visible: which plain accesses are choice points.
//
// After a race, in search of its consequence: those of the code that raced, wherever it
// reaches, and those to the memory that raced, by whatever code. Outlives executions and only
// grows.
#pragma once

#include <cstdint>
#include <vector>

namespace trama::runtime {

/// A set of addresses other than 0; open addressing.
class AddressSet {
 public:
  AddressSet() : slots_(64) {}

  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] bool contains(std::uint64_t pc) const {
    for (std::size_t i = slot_of(pc);; i = (i + 1) & (slots_.size() - 1)) {
      if (slots_[i] == pc) return true;
      if (slots_[i] == 0) return false;
    }
  }
  void insert(std::uint64_t pc) {
    if (contains(pc)) return;
    if (++count_ * 2 > slots_.size()) {
      std::vector<std::uint64_t> old(slots_.size() * 2);
      old.swap(slots_);
      for (const std::uint64_t kept : old) {
        if (kept != 0) place(kept);
      }
    }
    place(pc);
  }
  template <typename Visit>
  void for_each(Visit visit) const {
    for (const std::uint64_t pc : slots_) {
      if (pc != 0) visit(pc);
    }
  }

 private:
  [[nodiscard]] std::size_t slot_of(std::uint64_t pc) const {
    return static_cast<std::size_t>((pc * 0x9e3779b97f4a7c15U) >> 32U) & (slots_.size() - 1);
  }
  void place(std::uint64_t pc) {
    std::size_t i = slot_of(pc);
    while (slots_[i] != 0) i = (i + 1) & (slots_.size() - 1);
    slots_[i] = pc;
  }

  std::vector<std::uint64_t> slots_;  // 0 = free; size a power of two
  std::size_t count_ = 0;
};

struct Visible {
  static constexpr std::uint64_t kGranule = 8;

  AddressSet places;    ///< return addresses of the instrumentation's calls
  AddressSet granules;  ///< memory, in units of the race detector's granule
  /// A thread that makes so many plain accesses without a step yields; 0: never. For programs
  /// that wait in loops over plain memory, where nobody else would ever have a turn.
  std::uint64_t turn = 0;
  /// Divisible by the number of accesses that most such loops have, so that each turn ends at
  /// the same place in them.
  static constexpr std::uint64_t kTurn = 5040;

  [[nodiscard]] bool empty() const { return places.empty() && granules.empty() && turn == 0; }
  [[nodiscard]] bool contains(std::uint64_t pc, std::uint64_t address, std::uint64_t size) const {
    if (places.contains(pc)) return true;
    if (granules.empty()) return false;
    const std::uint64_t first = address & ~(kGranule - 1);
    return granules.contains(first) ||
           (first + kGranule < address + size && granules.contains(first + kGranule));
  }
};

}  // namespace trama::runtime
