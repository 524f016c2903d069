// PCT: probabilistic concurrency testing.
//
// Each thread gets a random priority; the enabled thread of highest priority always runs.
// At d-1 steps drawn at random the running thread falls to a low priority. A bug of depth d
// (one that d ordering constraints suffice to show) in a program of n threads and k steps is
// then found with probability at least 1/(n k^(d-1)) in every execution.
// Burckhardt, Kothari, Musuvathi, Nagarakatte, "A Randomized Scheduler with Probabilistic
// Guarantees of Finding Bugs" (ASPLOS 2010).
//
// Deviations: k is the longest execution seen so far; depth 0 draws d from 1 to 5 for each
// execution; a thread that yields, sleeps or has run for long while others could run falls
// below all others, since strict priorities starve whoever a spinning thread waits for.
#pragma once

#include <vector>

#include "base/prng.hpp"
#include "explore/chances.hpp"
#include "schedule/strategy.hpp"

namespace trama {

class Pct final : public Strategy {
 public:
  /// `depth` 0: varied.
  Pct(std::uint64_t seed, std::uint64_t depth) : seed_(seed), depth_(depth) {}

  [[nodiscard]] const char* name() const override { return "pct"; }
  bool begin() override;
  Alternative choose(const ChoicePoint& point) override;
  void end(const ExecutionSummary& summary) override;

 private:
  void see(ThreadId thread);
  void demote(ThreadId thread);
  [[nodiscard]] Alternative highest(const ChoicePoint& point) const;

  std::uint64_t seed_;
  std::uint64_t depth_;
  std::uint64_t execution_ = 0;
  std::uint64_t step_count_max_ = 0;  // k: the longest execution seen, 0 before the first
  Prng prng_;
  Chances chances_;
  // Higher runs first. Fresh threads draw from the upper half, change points and
  // demotions count down from the middle, so later demotions are lower.
  std::vector<std::uint64_t> priorities_;     // by thread; 0 = not seen in this execution
  std::vector<std::uint64_t> change_points_;  // ascending
  std::size_t next_change_ = 0;
  std::uint64_t lowest_ = 0;
  ThreadId last_ = kNoThread;
  unsigned streak_ = 0;  // choices in a row that went to last_
};

}  // namespace trama
