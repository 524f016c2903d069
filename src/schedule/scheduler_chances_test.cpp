// What the standard allows and hardly anybody meets: waits that end without cause, deadlines
// that pass while threads could go on, try_locks that fail; and spin loops.
#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "schedule/scheduler.hpp"
#include "schedule/testing/exhaustive.hpp"
#include "schedule/testing/program.hpp"
#include "schedule/testing/scripted.hpp"

namespace trama::testing {
namespace {

Allowances allow(Chance chance, std::uint64_t amount) {
  Allowances allowances;
  allowances.set(chance, amount);
  return allowances;
}

std::set<Ending> endings(const Program& program, const Allowances& allowances) {
  Interpreter interpreter;
  interpreter.scheduler.allow(allowances);
  Exhaustive all;
  std::set<Ending> endings;
  while (all.begin()) endings.insert(interpreter.run(program, all));
  return endings;
}

unsigned count(const std::set<Ending>& endings, EndReason reason) {
  unsigned found = 0;
  for (const Ending& ending : endings) found += ending.end == reason ? 1 : 0;
  return found;
}

bool notes(const std::set<Ending>& endings, unsigned thread, const std::vector<int>& what) {
  for (const Ending& ending : endings) {
    if (ending.noted[thread] == what) return true;
  }
  return false;
}

TEST(SchedulerChances, NothingUnlikelyHappensUnlessAllowed) {
  EXPECT_EQ(count(endings({{}, {lock(0), wait(0, 0), unlock(0)}}, {}), EndReason::finished), 0U);
}

TEST(SchedulerChances, AWaitMayEndWithoutCauseAsOftenAsAllowed) {
  const Program once = {{}, {lock(0), wait(0, 0), unlock(0)}};
  const auto one = endings(once, allow(Chance::spurious_wake, 1));
  EXPECT_EQ(count(one, EndReason::finished), 1U);
  EXPECT_EQ(count(one, EndReason::deadlock), 1U);
  const Program twice = {{}, {lock(0), wait(0, 0), wait(0, 0), unlock(0)}};
  EXPECT_EQ(count(endings(twice, allow(Chance::spurious_wake, 1)), EndReason::finished), 0U);
  EXPECT_EQ(count(endings(twice, allow(Chance::spurious_wake, 2)), EndReason::finished), 1U);
}

TEST(SchedulerChances, WhoWokeWithoutCauseMissesTheNotify) {
  // The notify found nobody: as if it had come a moment later.
  const Program program = {{},
                           {lock(0), wait(0, 0), load(0), unlock(0)},
                           {lock(0), store(0, 1), notify_one(0), unlock(0)}};
  const auto all = endings(program, allow(Chance::spurious_wake, 1));
  EXPECT_TRUE(notes(all, 1, {1, 1}));  // woken, and the value is there
  EXPECT_TRUE(notes(all, 1, {1, 0}));  // woken before it was
}

TEST(SchedulerChances, ADeadlineMayComeWhileOthersCouldGoOn) {
  const Program program = {{}, {sleep(100), store(0, 1)}, {load(0)}};
  EXPECT_FALSE(notes(endings(program, {}), 2, {1}));
  EXPECT_TRUE(notes(endings(program, allow(Chance::deadline, 100)), 2, {1}));
  EXPECT_TRUE(notes(endings(program, allow(Chance::deadline, 100)), 2, {0}));
}

TEST(SchedulerChances, NobodyIsHeldUpForLongerThanAllowed) {
  const Program program = {{}, {sleep(100), store(0, 1)}, {load(0)}};
  EXPECT_FALSE(notes(endings(program, allow(Chance::deadline, 99)), 2, {1}));
  // The time of several is counted together.
  const Program two = {{}, {sleep(60), sleep(120), store(0, 1)}, {load(0)}};
  EXPECT_FALSE(notes(endings(two, allow(Chance::deadline, 119)), 2, {1}));
  EXPECT_TRUE(notes(endings(two, allow(Chance::deadline, 120)), 2, {1}));
}

TEST(SchedulerChances, AnEarlierDeadlineNeverComesAfterALaterOne) {
  const Program program = {{}, {sleep(10), fetch_add(0, 1)}, {sleep(20), load(0)}, {yield()}};
  for (const Ending& ending : endings(program, allow(Chance::deadline, 9))) {
    EXPECT_EQ(ending.noted[2], std::vector<int>{1});  // nobody is held up for 10 ns
  }
}

TEST(SchedulerChances, ATryLockMayFailThoughTheLockIsFree) {
  const Program program = {{}, {try_lock(0)}};
  EXPECT_FALSE(notes(endings(program, {}), 1, {0}));
  EXPECT_TRUE(notes(endings(program, allow(Chance::try_lock, 1)), 1, {0}));
  EXPECT_TRUE(notes(endings(program, allow(Chance::try_lock, 1)), 1, {1}));
}

// -- Spin loops, by hand --------------------------------------------------------------------

class SpinningThreads : public ::testing::Test {
 protected:
  SpinningThreads() {
    strategy.begin();
    scheduler.begin(strategy, interpreter.schedule, 10'000, nullptr);
  }
  Event event(Operation operation, std::uint64_t address) {
    Event made;
    made.operation = operation;
    made.thread = scheduler.current();
    made.address = address;
    return made;
  }
  /// The current thread looks at `address` once; false when the execution is over.
  bool look(std::uint64_t address) {
    const ThreadId me = scheduler.current();
    scheduler.prepare() = event(Operation::load, address);
    const ThreadId next = scheduler.announce_look(me + 1U, 0);
    if (next == kNoThread) return false;
    scheduler.step(scheduler.state(next).pending);
    return true;
  }

  Interpreter interpreter;
  Scripted strategy;
  Scheduler& scheduler = interpreter.scheduler;
};

TEST_F(SpinningThreads, ALoopThatComesRoundInTheSameStateIsALivelock) {
  int steps = 0;
  while (look(0x10)) {
    if (scheduler.suspects_livelock()) scheduler.confirm_spin();
    ASSERT_LT(++steps, 1000);
  }
  EXPECT_EQ(scheduler.end_reason(), EndReason::livelock);
  EXPECT_TRUE(scheduler.livelock_is_proven());
}

TEST_F(SpinningThreads, ALoopThatIsNeverTheSameGoesOnToTheLimit) {
  while (look(0x10)) {
  }
  EXPECT_EQ(scheduler.end_reason(), EndReason::livelock);
  EXPECT_FALSE(scheduler.livelock_is_proven());
  EXPECT_EQ(scheduler.step_count(), 10'000U);
}

TEST_F(SpinningThreads, ALoopThatDoesSomethingIsNone) {
  for (int i = 0; i < 20; ++i) {
    for (int k = 0; k < 200; ++k) ASSERT_TRUE(look(0x10));
    EXPECT_TRUE(scheduler.suspects_livelock());
    Event store = event(Operation::store, 0x20);
    store.size = 4;
    store.after = static_cast<std::uint64_t>(i) + 1;
    scheduler.announce(store);
    scheduler.step(store);
    EXPECT_FALSE(scheduler.suspects_livelock());
  }
}

TEST_F(SpinningThreads, WhoWaitsByTheClockSeesItMove) {
  std::uint64_t readings = 0;
  while (scheduler.now_ns() < 10'000'000'000) {
    if (scheduler.look_at_clock(7)) {
      scheduler.prepare() = event(Operation::yield, 0);
      ASSERT_NE(scheduler.announce_look(8, 0), kNoThread);
      scheduler.step(scheduler.state(kMainThread).pending);
    }
    ASSERT_LT(++readings, 20'000U);
  }
  EXPECT_FALSE(scheduler.suspects_livelock());
  EXPECT_LT(scheduler.now_ns(), 13'000'000'000U);
}

}  // namespace
}  // namespace trama::testing
