// Random walk: at each choice point every alternative is equally likely.
//
// The baseline every other strategy is measured against: fair (a spinning thread is always
// left at last), and good where a bug needs many small switches; poor where it needs few
// switches at far places of a long execution. See Thomson, Donaldson, Betts, "Concurrency
// Testing Using Controlled Schedulers" (TOPC 2016).
#pragma once

#include "base/prng.hpp"
#include "schedule/strategy.hpp"

namespace trama {

class RandomWalk final : public Strategy {
 public:
  explicit RandomWalk(std::uint64_t seed) : seed_(seed) {}

  [[nodiscard]] const char* name() const override { return "random"; }
  bool begin() override {
    prng_.reseed(seed_ ^ (execution_++ * 0x9e3779b97f4a7c15U));
    return true;
  }
  Alternative choose(const ChoicePoint& point) override { return prng_.below(point.count); }

 private:
  std::uint64_t seed_;
  std::uint64_t execution_ = 0;
  Prng prng_;
};

}  // namespace trama
