// Random walk: at each choice point every alternative is equally likely.
//
// The baseline every other strategy is measured against: fair (a spinning thread is always
// left at last), and good where a bug needs many small switches; poor where it needs few
// switches at far places of a long execution. See Thomson, Donaldson, Betts, "Concurrency
// Testing Using Controlled Schedulers" (TOPC 2016).
#pragma once

#include "base/prng.hpp"
#include "explore/chances.hpp"
#include "schedule/strategy.hpp"

namespace trama {

class RandomWalk final : public Strategy {
 public:
  explicit RandomWalk(std::uint64_t seed) : seed_(seed) {}

  [[nodiscard]] const char* name() const override { return "random"; }
  bool begin() override {
    prng_.reseed(seed_ ^ (execution_ * 0x9e3779b97f4a7c15U));
    chances_.begin(execution_++, prng_);
    return true;
  }
  Alternative choose(const ChoicePoint& point) override {
    if (__builtin_expect(point.kind == ChoiceKind::thread && !point.spins, 1)) {
      return prng_.below(point.count);
    }
    return choose_rarely(point);
  }

 private:
  [[gnu::noinline]] Alternative choose_rarely(const ChoicePoint& point) {
    if (point.kind == ChoiceKind::chance) return chances_.choose(prng_);
    if (point.kind == ChoiceKind::store) return chances_.choose_store(point, prng_);
    return point.spins ? choose_among_spinners(point) : prng_.below(point.count);
  }
  Alternative choose_among_spinners(const ChoicePoint& point) {
    // Who spins may stay at it, for a loop that gives up some time, and else has fewer turns.
    if (point.states[point.current].spin.spinning() && prng_.below(4) != 0) {
      for (Alternative i = 0; i < point.count; ++i) {
        if (point.threads[i] == point.current) return i;
      }
    }
    const Alternative any = prng_.below(point.count);
    return spins(point, any) ? rather_not_spinning(point, any) : any;
  }
  static bool spins(const ChoicePoint& point, Alternative one) {
    return point.states[point.threads[one]].spin.spinning();
  }
  /// Three times in four another one, if there is one that does not spin.
  Alternative rather_not_spinning(const ChoicePoint& point, Alternative spinning) {
    if (prng_.below(4) == 0) return spinning;
    std::uint32_t others = 0;
    for (Alternative i = 0; i < point.count; ++i) others += spins(point, i) ? 0 : 1;
    if (others == 0) return spinning;
    std::uint32_t nth = prng_.below(others);
    for (Alternative i = 0;; ++i) {
      if (!spins(point, i) && nth-- == 0) return i;
    }
  }

  std::uint64_t seed_;
  std::uint64_t execution_ = 0;
  Prng prng_;
  Chances chances_;
};

}  // namespace trama
