#include "explore/hunt.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "schedule/testing/scripted.hpp"

namespace trama {
namespace {

using testing::Scripted;

/// Executions that come to what a list says, the last of which repeats; writes down what it is
/// asked to do.
class FakeHost final : public HuntHost {
 public:
  explicit FakeHost(std::vector<ExecutionResult> results) : results_(std::move(results)) {}

  ExecutionResult execute(Strategy& strategy) override {
    EXPECT_STREQ(strategy.name(), "scripted");
    const std::size_t at = executed < results_.size() ? executed : results_.size() - 1;
    ++executed;
    return results_[at];
  }
  void report(std::uint64_t execution, const char* strategy, bool race) override {
    EXPECT_STREQ(strategy, "scripted");
    log += (race ? "race " : "failure ") + std::to_string(execution) + "; ";
  }
  void make_races_visible() override { log += "visible; "; }
  bool should_stop() override { return executed >= stop_after; }

  std::string log;
  std::size_t executed = 0;
  std::size_t stop_after = 1'000'000;

 private:
  std::vector<ExecutionResult> results_;
};

ExecutionResult fine(std::uint64_t fingerprint = 0) {
  return {EndReason::finished, false, false, 10, fingerprint};
}
ExecutionResult raced() { return {EndReason::finished, true, false, 10, 0}; }
ExecutionResult failed() { return {EndReason::finished, false, true, 10, 0}; }
ExecutionResult raced_and_failed() { return {EndReason::finished, true, true, 10, 0}; }

/// A strategy that has only so many executions to try.
class Bounded final : public Strategy {
 public:
  explicit Bounded(std::uint64_t bound) : left_(bound) {}
  [[nodiscard]] const char* name() const override { return "scripted"; }
  bool begin() override { return left_-- != 0; }
  Alternative choose(const ChoicePoint&) override { return 0; }

 private:
  std::uint64_t left_;
};

class Hunt : public ::testing::Test {
 protected:
  std::string log_of(std::vector<ExecutionResult> results, std::size_t stop_after = 1'000'000) {
    FakeHost host(std::move(results));
    host.stop_after = stop_after;
    progress = {};
    told = 0;
    Bounded strategy(executions_left);
    hunt(host, strategy, options, progress, [&](const HuntProgress& now) {
      ++told;
      EXPECT_EQ(now.execution_count, told);
      host.log += told_in_log ? "told; " : "";
    });
    executed = host.executed;
    return host.log;
  }

  Options options;
  HuntProgress progress;
  std::uint64_t told = 0;
  std::size_t executed = 0;
  std::uint64_t executions_left = 1'000'000;
  bool told_in_log = false;
};

TEST_F(Hunt, GoesOnToItsBoundWhereNothingIsFound) {
  options.executions = 30;
  ExecutionResult long_one = fine(3);
  long_one.end = EndReason::step_limit;
  EXPECT_EQ(log_of({fine(1), fine(2), fine(1), long_one, fine(2)}), "");
  EXPECT_EQ(progress.execution_count, 30U);
  EXPECT_EQ(executed, 30U);
  EXPECT_EQ(told, 30U);
  EXPECT_EQ(progress.step_count, 300U);
  EXPECT_EQ(progress.step_limited_count, 1U);
  EXPECT_EQ(progress.finding_count, 0U);
  EXPECT_EQ(progress.consequence_count, 0U);
  EXPECT_EQ(progress.distinct.estimate(), 3U);
  EXPECT_FALSE(progress.stopped);
}

TEST_F(Hunt, EndsAtTheFirstFailure) {
  EXPECT_EQ(log_of({fine(), fine(), failed()}), "failure 3; ");
  EXPECT_EQ(progress.execution_count, 3U);
  EXPECT_EQ(progress.finding_count, 1U);
}

TEST_F(Hunt, LooksForTheConsequenceOfARace) {
  EXPECT_EQ(log_of({fine(), raced(), fine(), failed()}), "race 2; visible; failure 4; ");
  EXPECT_EQ(progress.finding_count, 2U);
  EXPECT_EQ(progress.consequence_count, 2U);
  EXPECT_EQ(progress.execution_count, 4U);
}

TEST_F(Hunt, ReportsTheRaceBeforeTheFailureOfOneExecution) {
  EXPECT_EQ(log_of({raced_and_failed()}), "race 1; failure 1; ");
  EXPECT_EQ(progress.finding_count, 2U);
  EXPECT_EQ(progress.consequence_count, 0U);
}

TEST_F(Hunt, LaterRacesBecomeVisibleTooButAreNotReported) {
  EXPECT_EQ(log_of({raced(), raced(), raced_and_failed()}),
            "race 1; visible; visible; failure 3; ");
}

TEST_F(Hunt, GivesTheConsequenceUpAtItsBound) {
  options.consequence = 5;
  EXPECT_EQ(log_of({raced(), fine()}), "race 1; visible; ");
  EXPECT_EQ(progress.execution_count, 6U);
  EXPECT_EQ(progress.consequence_count, 5U);
  EXPECT_EQ(progress.finding_count, 1U);
  options.consequence = 0;
  EXPECT_EQ(log_of({raced(), failed()}), "race 1; visible; ");
  EXPECT_EQ(executed, 1U);
}

TEST_F(Hunt, TheConsequenceHasABoundOfItsOwn) {
  // The race is found in the last execution; what it leads to is looked for all the same.
  options.executions = 2;
  options.consequence = 3;
  EXPECT_EQ(log_of({fine(), raced(), fine(), failed()}), "race 2; visible; failure 4; ");
  EXPECT_EQ(log_of({fine(), fine(), failed()}), "");
}

TEST_F(Hunt, StopsWhenTheHostSaysSo) {
  EXPECT_EQ(log_of({fine()}, 7), "");
  EXPECT_EQ(executed, 7U);
  EXPECT_TRUE(progress.stopped);
  // After a race the stop only cuts the search for its consequence.
  EXPECT_EQ(log_of({raced(), fine()}, 3), "race 1; visible; ");
  EXPECT_EQ(executed, 3U);
  EXPECT_FALSE(progress.stopped);
  EXPECT_EQ(log_of({fine()}, 0), "");
  EXPECT_EQ(executed, 0U);
}

TEST_F(Hunt, AnExecutionThatWasStoppedDoesNotCount) {
  ExecutionResult stopped = raced_and_failed();
  stopped.end = EndReason::stopped;
  EXPECT_EQ(log_of({fine(), stopped}), "");
  EXPECT_EQ(progress.execution_count, 1U);
  EXPECT_EQ(told, 1U);
  EXPECT_EQ(progress.finding_count, 0U);
  EXPECT_TRUE(progress.stopped);
}

TEST_F(Hunt, EndsWhenTheStrategyHasNothingLeft) {
  executions_left = 4;
  EXPECT_EQ(log_of({fine()}), "");
  EXPECT_EQ(executed, 4U);
  EXPECT_FALSE(progress.stopped);
}

TEST_F(Hunt, TellsOfProgressBeforeItReports) {
  told_in_log = true;
  EXPECT_EQ(log_of({fine(), raced(), failed()}), "told; told; race 2; visible; told; failure 3; ");
}

}  // namespace
}  // namespace trama
