// Scheduler against brute force: a strategy that tries every answer must bring a program to
// exactly the endings that a naive enumerator of interleavings finds, no more and no fewer.
#include <gtest/gtest.h>

#include <set>

#include "schedule/testing/exhaustive.hpp"
#include "schedule/testing/explored.hpp"
#include "schedule/testing/naive.hpp"
#include "schedule/testing/program.hpp"
#include "schedule/testing/random_program.hpp"

namespace trama::testing {
namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr std::uint64_t kShare = 5;  // of the random programs, one in so many
#else
constexpr std::uint64_t kShare = 1;
#endif

Explored agree(const Program& program, const std::string& name = {}) {
  const std::set<Ending> expected = Naive::outcomes(program);
  Explored found = explore(program);
  EXPECT_TRUE(found.endings == expected)
      << name << " " << testing::to_text(program) << "\nscheduler:\n"
      << to_text(found.endings) << "naive:\n"
      << to_text(expected);
  // The fingerprint tells apart what differs, and only that.
  EXPECT_EQ(found.hashed.size(), found.structures.size()) << name << testing::to_text(program);
  EXPECT_EQ(found.fingerprints.size(), found.structures.size())
      << name << " " << testing::to_text(program);
  return found;
}

bool may_deadlock(const Explored& all) { return may_end(all, EndReason::deadlock); }

std::vector<Op> repeat(const std::vector<Op>& ops, unsigned count) {
  std::vector<Op> all;
  for (; count > 0; --count) all.insert(all.end(), ops.begin(), ops.end());
  return all;
}

std::size_t orders_of(unsigned threads, unsigned steps) {
  Program program(1);
  for (unsigned t = 0; t < threads; ++t) program.push_back(repeat({fetch_add(0, 1)}, steps));
  return explore(program).orders.size();
}

TEST(SchedulerOracle, AtomicIncrementsHaveAsManyInterleavingsAsCombinatoricsSays) {
  EXPECT_EQ(orders_of(2, 2), 6U);
  EXPECT_EQ(orders_of(2, 3), 20U);
  EXPECT_EQ(orders_of(3, 2), 90U);
  EXPECT_EQ(orders_of(3, 3), 1680U);
}

TEST(SchedulerOracle, ExecutionsAreCountedWithTheStartsOfThreads) {
  // Three steps each, the first of which is the start: 6! / (3! 3!).
  EXPECT_EQ(
      explore({{}, repeat({fetch_add(0, 1)}, 2), repeat({fetch_add(0, 1)}, 2)}).execution_count,
      20U);
}

TEST(SchedulerOracle, CriticalSectionsHaveAsManyOrdersAsTheyCanBeQueuedIn) {
  const std::vector<Op> section = {lock(0), read(0), write(0, 1), unlock(0)};
  const Explored two = agree({{}, repeat(section, 2), repeat(section, 2)});
  EXPECT_EQ(two.orders.size(), 6U);
  EXPECT_EQ(two.raced_count, 0U);
  // Of the same order of sections there is one happens-before structure.
  EXPECT_EQ(two.fingerprints.size(), 6U);
}

/// Knows how many could have taken each step, since it was asked.
class Asked final : public Strategy, public StepListener {
 public:
  [[nodiscard]] const char* name() const override { return "asked"; }
  bool begin() override { return rest_.begin(); }
  Alternative choose(const ChoicePoint& point) override {
    (point.kind == ChoiceKind::value ? values_ : threads_) = point.count;
    return rest_.choose(point);
  }
  void on_step(const Event& event, std::uint32_t alternatives, std::uint64_t) override {
    EXPECT_EQ(alternatives, event.operation == Operation::choose ? values_ : threads_);
    threads_ = 1;
    ++step_count;
  }
  std::uint64_t step_count = 0;

 private:
  Exhaustive rest_;
  std::uint32_t threads_ = 1;
  std::uint32_t values_ = 1;
};

TEST(SchedulerOracle, AlternativesAreWhatTheStrategyWasAsked) {
  const Program program = {{}, {lock(0), choose(3), unlock(0)}, {try_lock(0)}, {yield()}};
  Interpreter interpreter;
  Asked asked;
  interpreter.listener = &asked;
  while (asked.begin()) interpreter.run(program, asked);
  EXPECT_GT(asked.step_count, 1000U);
}

TEST(SchedulerOracle, HandWrittenPrograms) {
  EXPECT_TRUE(may_deadlock(agree(
      {{}, {lock(0), lock(2), unlock(2), unlock(0)}, {lock(2), lock(0), unlock(0), unlock(2)}},
      "two orders")));
  EXPECT_FALSE(may_deadlock(agree(
      {{}, {lock(0), lock(2), unlock(2), unlock(0)}, {lock(0), lock(2), unlock(2), unlock(0)}},
      "one order")));
  EXPECT_TRUE(may_deadlock(agree({{}, {lock(0), lock(0)}}, "lock twice")));
  EXPECT_FALSE(may_deadlock(
      agree({{}, {lock(1), lock(1), unlock(1), unlock(1)}, {lock(1), unlock(1)}}, "recursive")));
  EXPECT_TRUE(may_deadlock(
      agree({{}, {lock(1), lock(1), unlock(1)}, {lock(1), unlock(1)}}, "recursive, left locked")));
  EXPECT_TRUE(may_deadlock(
      agree({{}, {lock(0), wait(0, 0), unlock(0)}, {lock(0), notify_one(0), unlock(0)}},
            "lost wake-up")));
  EXPECT_TRUE(may_deadlock(agree(
      {{}, {lock(0), wait(0, 0), unlock(0)}, {lock(0), wait(0, 0), unlock(0)}, {notify_one(0)}},
      "one of two")));
  EXPECT_FALSE(may_deadlock(
      agree({{}, {lock(0), timed_wait(0, 0, 10), unlock(0)}, {lock(0), notify_one(0), unlock(0)}},
            "timed wait")));
  EXPECT_FALSE(may_deadlock(agree(
      {{}, {timed_lock(0, 10), sleep(20), unlock(0)}, {timed_lock(0, 10), sleep(20), unlock(0)}},
      "timed lock")));
  EXPECT_FALSE(may_deadlock(agree({{},
                                   {timed_lock(1, 10), timed_lock(1, 10), unlock(1), unlock(1)},
                                   {timed_lock(1, 10), unlock(1)}},
                                  "timed, recursive")));
  EXPECT_FALSE(may_deadlock(agree({{}, {lock(0), timed_lock(0, 10)}}, "timed lock of one's own")));
  agree({{},
         {lock(0), sleep(100), unlock(0)},
         {sleep(20), timed_lock(0, 10), store(0, 1)},
         {sleep(20), load(0), load(0)}},
        "timed lock whose time is over");
  agree({{}, {lock(1), lock(1), wait(0, 1), unlock(1)}, {try_lock(1), notify_one(0)}},
        "wait with a recursive mutex, twice locked");
  agree({{}, {futex_wait(0, 0)}, {store(0, 1), futex_wake(0, 1)}}, "futex");
  agree({{}, {futex_wait(0, 0)}, {futex_wait(0, 0)}, {futex_wait(0, 0, 10)}, {futex_wake(0, 2)}},
        "futex, two of three");
  agree({{},
         {once_enter(0), load(0), once_leave(0, false)},
         {once_enter(0), store(0, 1), once_leave(0)}},
        "once, the first fails");
  agree({{spawn(1), store(0, 1), spawn(2), join(1), load(0), join(2)},
         {fetch_add(0, 2)},
         {fetch_add(0, 4)}},
        "spawn and join");
  agree({{}, {sleep(10), store(0, 1)}, {sleep(20), store(0, 2)}, {sleep(10), store(0, 3)}},
        "sleep");
}

/// How often each thing that matters happened among the random programs.
struct Coverage {
  std::uint64_t programs = 0;
  std::uint64_t executions = 0;
  std::uint64_t deadlocks = 0;
  std::uint64_t several_endings = 0;
};

Coverage try_random(std::uint64_t first_seed, std::uint64_t count, unsigned threads, unsigned ops) {
  Coverage coverage;
  for (std::uint64_t seed = first_seed; seed < first_seed + count / kShare; ++seed) {
    const Program program = random_program(seed, threads, ops);
    const Explored all = agree(program, "seed " + std::to_string(seed));
    if (::testing::Test::HasFailure()) break;  // one is enough to read
    ++coverage.programs;
    coverage.executions += all.execution_count;
    if (may_deadlock(all)) ++coverage.deadlocks;
    if (all.endings.size() > 1) ++coverage.several_endings;
  }
  return coverage;
}

TEST(SchedulerOracle, RandomProgramsOfTwoThreads) {
  const Coverage coverage = try_random(1000, 3000, 2, 3);
  EXPECT_GT(coverage.deadlocks * 10, coverage.programs);
  EXPECT_GT(coverage.several_endings * 4, coverage.programs);
}

TEST(SchedulerOracle, RandomProgramsOfTwoLongerThreads) { try_random(10'000, 300, 2, 5); }

TEST(SchedulerOracle, RandomProgramsOfThreeThreads) {
  const Coverage coverage = try_random(20'000, 300, 3, 2);
  EXPECT_GT(coverage.deadlocks * 10, coverage.programs);
}

TEST(SchedulerOracle, RandomProgramsOfThreeLongerThreads) { try_random(30'000, 20, 3, 3); }

}  // namespace
}  // namespace trama::testing
