// Chances: how strategies that draw lots answer whether something unlikely happens.
//
// Every other execution has none of it, so that what needs only an order of threads is found
// as soon as ever. In the others the odds differ from one execution to the next: what must
// come early in a long execution needs good ones, what must come late poor ones.
#pragma once

#include <cstdint>

#include "base/prng.hpp"
#include "schedule/choice_point.hpp"

namespace trama {

class Chances {
 public:
  void begin(std::uint64_t execution, Prng& prng) {
    one_in_ = execution % 2 == 0 ? 0 : 2U << (2 * prng.below(4));
    older_one_in_ = one_in_ == 0 ? 0 : 2U << (execution / 2 % 3);
  }
  [[nodiscard]] Alternative choose(Prng& prng) const {
    return one_in_ != 0 && prng.below(one_in_) == 0 ? 1 : 0;
  }
  /// Which store, newest first: what is weak in an execution is mostly met in its first few loads.
  [[nodiscard]] Alternative choose_store(const ChoicePoint& point, Prng& prng) const {
    if (older_one_in_ == 0 || prng.below(older_one_in_) != 0) return 0;
    return 1 + prng.below(point.count - 1);
  }

 private:
  std::uint32_t one_in_ = 0;        // 0: never
  std::uint32_t older_one_in_ = 0;  // an older store is taken
};

}  // namespace trama
