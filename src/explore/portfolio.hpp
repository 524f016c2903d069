// Portfolio: strategies in turn, one execution each.
//
// No strategy is best for all bugs; in published comparisons a mix is never far behind the
// best member. Random walk and PCT of varied depth take turns, random first.
#pragma once

#include "explore/pct.hpp"
#include "explore/random_walk.hpp"
#include "schedule/strategy.hpp"

namespace trama {

class Portfolio final : public Strategy {
 public:
  explicit Portfolio(std::uint64_t seed) : random_(seed), pct_(seed, 0) {}

  [[nodiscard]] const char* name() const override { return active_->name(); }
  bool begin() override {
    active_ = (execution_++ % 2 == 0) ? static_cast<Strategy*>(&random_) : &pct_;
    return active_->begin();
  }
  Alternative choose(const ChoicePoint& point) override { return active_->choose(point); }
  void end(const ExecutionSummary& summary) override {
    active_->end(summary);
    // PCT learns the length of executions from all of them.
    if (active_ != &pct_) pct_.end(summary);
  }

 private:
  RandomWalk random_;
  Pct pct_;
  Strategy* active_ = &random_;
  std::uint64_t execution_ = 0;
};

}  // namespace trama
