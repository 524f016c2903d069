// For tests: every execution of a program, by going back to the last choice that has an
// answer left (depth-first search). The plainest there is; nothing is left out.
#pragma once

#include <cstdint>
#include <vector>

#include "base/check.hpp"
#include "schedule/strategy.hpp"

namespace trama::testing {

class Exhaustive final : public Strategy {
 public:
  [[nodiscard]] const char* name() const override { return "exhaustive"; }

  bool begin() override {
    TRAMA_CHECK(next_ == choices_.size());  // the same answers led to the same questions
    next_ = 0;
    if (first_) {
      first_ = false;
      return true;
    }
    while (!choices_.empty() && choices_.back().answer + 1 == choices_.back().count) {
      choices_.pop_back();
    }
    if (choices_.empty()) return false;
    ++choices_.back().answer;
    return true;
  }

  Alternative choose(const ChoicePoint& point) override {
    if (next_ == choices_.size()) choices_.push_back({0, point.count});
    TRAMA_CHECK(choices_[next_].count == point.count);
    return choices_[next_++].answer;
  }

 private:
  struct Choice {
    Alternative answer;
    std::uint32_t count;
  };
  std::vector<Choice> choices_;
  std::size_t next_ = 0;
  bool first_ = true;
};

}  // namespace trama::testing
