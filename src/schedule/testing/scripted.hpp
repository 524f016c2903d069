// For tests: a strategy that follows a list of threads, and remembers what it was asked.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "base/check.hpp"
#include "schedule/strategy.hpp"

namespace trama::testing {

/// Names the next thread of its list at each choice of a thread or of whom to wake; the first
/// candidate when the list is at its end, the given value where a value is asked for.
class Scripted final : public Strategy {
 public:
  struct Question {
    ChoiceKind kind;
    std::uint64_t step;
    ThreadId current;
    std::vector<ThreadId> threads;
    std::uint32_t count;
  };

  explicit Scripted(std::vector<ThreadId> script = {}, Alternative value = 0)
      : script_(std::move(script)), value_(value) {}

  [[nodiscard]] const char* name() const override { return "scripted"; }
  bool begin() override {
    next_ = 0;
    questions.clear();
    summaries.clear();
    return true;
  }
  Alternative choose(const ChoicePoint& point) override {
    questions.push_back({point.kind,
                         point.step,
                         point.current,
                         {point.threads.begin(), point.threads.end()},
                         point.count});
    if (point.kind == ChoiceKind::value) return value_;
    if (next_ == script_.size()) return 0;
    const ThreadId wanted = script_[next_++];
    Alternative i = 0;
    while (i < point.count && point.threads[i] != wanted) ++i;
    TRAMA_CHECK(i < point.count);  // a script that cannot be followed is a wrong test
    return i;
  }
  void end(const ExecutionSummary& summary) override { summaries.push_back(summary); }

  std::vector<Question> questions;
  std::vector<ExecutionSummary> summaries;

 private:
  std::vector<ThreadId> script_;
  Alternative value_;
  std::size_t next_ = 0;
};

}  // namespace trama::testing
