#include "schedule/scheduler.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "schedule/testing/explored.hpp"
#include "schedule/testing/program.hpp"
#include "schedule/testing/scripted.hpp"

namespace trama::testing {
namespace {

using Notes = std::vector<std::vector<int>>;

/// What thread `t` noted, over all executions.
std::set<std::vector<int>> noted_by(const Explored& all, std::size_t t) {
  std::set<std::vector<int>> notes;
  for (const Ending& ending : all.endings) notes.insert(ending.noted[t]);
  return notes;
}

std::uint64_t time_of(const Interpreter& interpreter, Operation operation, ThreadId thread) {
  for (const Heard& step : interpreter.heard) {
    if (step.event.operation == operation && step.event.thread == thread) return step.time_ns;
  }
  ADD_FAILURE() << to_text(operation) << " of " << thread << " was not taken";
  return 0;
}

class SchedulerTest : public ::testing::Test {
 protected:
  SchedulerTest() { interpreter.listening = true; }

  Ending run(const Program& program, std::vector<ThreadId> script = {}) {
    strategy = Scripted(std::move(script));
    EXPECT_TRUE(strategy.begin());
    return interpreter.run(program, strategy);
  }

  // Steps by hand.
  void begin(std::vector<ThreadId> script = {}) {
    strategy = Scripted(std::move(script));
    strategy.begin();
    scheduler.begin(strategy, interpreter.schedule, 10'000, &interpreter);
  }
  Event event(Operation operation, std::uint64_t address = 0) {
    Event made;
    made.operation = operation;
    made.thread = scheduler.current();
    made.address = address;
    return made;
  }
  Event on(Operation operation, unsigned address, ObjectKind kind) {
    Event made = event(operation, address);
    made.object = scheduler.objects().find_or_make(address, kind);
    return made;
  }
  ThreadId yield_to_next() {
    const ThreadId next = scheduler.announce(event(Operation::yield));
    return next;
  }

  Interpreter interpreter;
  Scripted strategy;
  Scheduler& scheduler = interpreter.scheduler;
};

// -- Waits that others end -------------------------------------------------------------------

TEST_F(SchedulerTest, ARousedWaitEndsAndCountsAsNoNotification) {
  begin({1, 1});
  scheduler.create(event(Operation::create));
  yield_to_next();  // thread 1
  scheduler.step(event(Operation::start));
  const Event wait = on(Operation::fd_read, 64, ObjectKind::pipe);
  scheduler.announce(wait);
  EXPECT_EQ(scheduler.wait(wait), kMainThread);
  EXPECT_EQ(scheduler.state(1).status, ThreadStatus::waiting);
  EXPECT_FALSE(scheduler.may_go_on(1));
  scheduler.rouse(1, kMainThread);
  EXPECT_TRUE(scheduler.may_go_on(1));
  scheduler.rouse(1, kMainThread);  // waits for nothing any more
  EXPECT_EQ(scheduler.state(1).pending.operation, Operation::wake);
  EXPECT_EQ(scheduler.objects()[wait.object].waiter_count, 0U);
  EXPECT_EQ(scheduler.objects()[wait.object].missed_notify_step, 0U);
  EXPECT_FALSE(scheduler.missed_its_wakeup(1));
}

TEST_F(SchedulerTest, AnInterruptedThreadCanGoOnAndItsStepIsAnnouncedAgain) {
  begin({0, 1, 0, 1});
  const Event lock_it = on(Operation::lock, 64, ObjectKind::mutex);
  scheduler.announce(lock_it);
  scheduler.lock(lock_it);
  scheduler.create(event(Operation::create));
  yield_to_next();
  yield_to_next();  // thread 1
  scheduler.step(event(Operation::start));
  Event second = lock_it;
  second.thread = 1;
  EXPECT_EQ(scheduler.announce(second), kMainThread);
  EXPECT_FALSE(scheduler.may_go_on(1));
  Event handle = event(Operation::handle_signal);
  handle.thread = 1;
  const Event was = scheduler.interrupt(1, handle);
  EXPECT_EQ(was.operation, Operation::lock);
  EXPECT_TRUE(scheduler.may_go_on(1));
  EXPECT_EQ(scheduler.objects()[lock_it.object].pending_count, 0U);
  yield_to_next();
  EXPECT_EQ(yield_to_next(), 1U);
  scheduler.step(handle);
  EXPECT_EQ(scheduler.announce(was), kMainThread);
  EXPECT_EQ(scheduler.objects()[lock_it.object].pending_count, 1U);
}

TEST_F(SchedulerTest, AnInterruptedSleepHasNoDeadlineLeft) {
  begin({1, 0});
  scheduler.create(event(Operation::create));
  yield_to_next();
  scheduler.step(event(Operation::start));
  Event nap = event(Operation::sleep);
  nap.deadline_ns = 100;
  EXPECT_EQ(scheduler.sleep(nap), kMainThread);
  Event handle = event(Operation::handle_signal);
  handle.thread = 1;
  EXPECT_EQ(scheduler.interrupt(1, handle).operation, Operation::sleep);
  Event join = event(Operation::join);
  join.other = 1;
  EXPECT_EQ(scheduler.announce(join), 1U);
  scheduler.step(handle);
  EXPECT_EQ(scheduler.finish(event(Operation::finish)), kMainThread);
  EXPECT_EQ(scheduler.now_ns(), 0U);
}

TEST_F(SchedulerTest, TheWorldOutsideIsAskedBeforeTimeMoves) {
  struct World final : IdleListener {
    explicit World(Scheduler& asking) : scheduler(asking) {}
    bool on_idle(std::uint64_t wait_ns_max) override {
      waits.push_back(wait_ns_max);
      if (waits.size() == 1) return false;
      scheduler.rouse(kMainThread, kNoThread);
      return true;
    }
    Scheduler& scheduler;
    std::vector<std::uint64_t> waits;
  } world(scheduler);
  scheduler.set_idle_listener(&world);
  begin();
  Event nap = event(Operation::sleep);
  nap.deadline_ns = 70;
  EXPECT_EQ(scheduler.sleep(nap), kMainThread);
  EXPECT_EQ(scheduler.now_ns(), 70U);
  const Event wait = on(Operation::fd_read, 64, ObjectKind::pipe);
  scheduler.announce(wait);
  EXPECT_EQ(scheduler.wait(wait), kMainThread);
  EXPECT_EQ(world.waits, (std::vector<std::uint64_t>{70, ~std::uint64_t{0}}));
  scheduler.set_idle_listener(nullptr);
}

// -- Time ------------------------------------------------------------------------------------

TEST_F(SchedulerTest, TimeStandsStillWhileAnybodyCanGoOn) {
  const Program program = {{}, {sleep(100), store(0, 1)}, {load(0), load(0), load(0)}};
  Exhaustive all;
  while (all.begin()) {
    interpreter.run(program, all);
    EXPECT_EQ(interpreter.scheduler.now_ns(), 100U);
    for (const Heard& step : interpreter.heard) {
      const bool after = step.event.thread == 1 && step.event.operation != Operation::start;
      EXPECT_EQ(step.time_ns, after ? 100U : 0U) << to_text(step.event.operation);
    }
  }
}

TEST_F(SchedulerTest, SleepersWakeInTheOrderOfTheirDeadlines) {
  const Program program = {{}, {sleep(30)}, {sleep(10)}, {sleep(20)}};
  Exhaustive all;
  while (all.begin()) {
    interpreter.run(program, all);
    std::vector<ThreadId> order;
    for (const Heard& step : interpreter.heard) {
      if (step.event.operation == Operation::sleep) order.push_back(step.event.thread);
    }
    EXPECT_EQ(order, (std::vector<ThreadId>{2, 3, 1}));
    EXPECT_EQ(time_of(interpreter, Operation::sleep, 3), 20U);
  }
  EXPECT_EQ(explore({{}, {sleep(10)}, {sleep(10)}}).endings.size(), 1U);
  const std::set<std::vector<ThreadId>> orders = explore({{}, {sleep(10)}, {sleep(10)}}).orders;
  EXPECT_EQ(orders, (std::set<std::vector<ThreadId>>{{1, 2}, {2, 1}}));
}

TEST_F(SchedulerTest, ASleepThatIsOverBeforeItBeginsTakesNoTime) {
  EXPECT_EQ(run({{}, {sleep(10), sleep(5), sleep(0)}}).end, EndReason::finished);
  EXPECT_EQ(scheduler.now_ns(), 10U);
}

TEST_F(SchedulerTest, ATimedLockGivesUpAtItsDeadlineAndNotBefore) {
  run({{}, {lock(0), sleep(50), unlock(0)}, {timed_lock(0, 10)}}, {1, 1, 2, 2});
  EXPECT_EQ(time_of(interpreter, Operation::timed_lock, 2), 10U);
  const Ending late = run({{}, {lock(0), sleep(50), unlock(0)}, {timed_lock(0, 60)}}, {1, 1, 2, 2});
  EXPECT_EQ(late.noted[2], std::vector<int>{1});
  EXPECT_EQ(time_of(interpreter, Operation::timed_lock, 2), 50U);
  EXPECT_EQ(scheduler.now_ns(), 50U);  // the deadline went with the lock
}

TEST_F(SchedulerTest, ATimedLockWhoseDeadlineHasPassedOnlyTries) {
  const Ending held =
      run({{}, {lock(0), sleep(100), unlock(0)}, {sleep(20), timed_lock(0, 10)}}, {1, 1, 2, 2});
  EXPECT_EQ(held.noted[2], std::vector<int>{0});
  EXPECT_EQ(time_of(interpreter, Operation::timed_lock, 2), 20U);
  const Ending free = run({{}, {sleep(20), timed_lock(0, 10)}});
  EXPECT_EQ(free.noted[1], std::vector<int>{1});
}

TEST_F(SchedulerTest, ATimedLockThatGaveUpWaitsNoMore) {
  // Were it still counted as pending or as having a deadline, time would move or CHECKs fail.
  const Ending ending = run({{},
                             {lock(0), sleep(50), unlock(0), lock(0), unlock(0)},
                             {timed_lock(0, 10), timed_lock(0, 20), lock(0), unlock(0)}},
                            {1, 1, 2, 2});
  EXPECT_EQ(ending.end, EndReason::finished);
  EXPECT_EQ(ending.noted[2], (std::vector<int>{0, 0}));
  EXPECT_EQ(scheduler.now_ns(), 50U);
  EXPECT_EQ(scheduler.objects()[scheduler.objects().find(address_of_mutex(0))].pending_count, 0U);
}

TEST_F(SchedulerTest, NobodyLocksHisOwnMutexTwiceByWaitingForIt) {
  EXPECT_EQ(run({{}, {lock(0), timed_lock(0, 10)}}).noted[1], std::vector<int>{0});
  EXPECT_EQ(run({{}, {lock(0), lock(0)}}).end, EndReason::deadlock);
  EXPECT_EQ(scheduler.blocker_of(1), 1);
}

TEST_F(SchedulerTest, ATimedWaitEndsAtItsDeadlineWithTheMutex) {
  const Ending ending = run({{}, {lock(0), timed_wait(0, 0, 10), unlock(0)}});
  EXPECT_EQ(ending.noted[1], std::vector<int>{0});  // and no LockError
  EXPECT_EQ(scheduler.objects()[scheduler.objects().find(address_of_mutex(0))].pending_count, 0U);
  EXPECT_EQ(scheduler.now_ns(), 10U);
  EXPECT_EQ(interpreter.heard[5].event.operation, Operation::wake);
  EXPECT_EQ(interpreter.heard[5].event.outcome, trama::Outcome::timed_out);
  EXPECT_EQ(interpreter.heard[5].event.other, kNoThread);
}

TEST_F(SchedulerTest, AWaitWhoseDeadlineHasPassedDoesNotWaitForOthersToBlock) {
  const Explored all = explore({{},
                                {sleep(20), lock(0), timed_wait(0, 0, 10), unlock(0), store(0, 1)},
                                {sleep(20), load(0), load(0)}});
  EXPECT_EQ(noted_by(all, 1), std::set<std::vector<int>>{{0}});
  EXPECT_EQ(noted_by(all, 2).count({0, 1}), 1U);
  EXPECT_EQ(noted_by(all, 2).count({1, 1}), 1U);
}

TEST_F(SchedulerTest, TimeThatIsLetPassWakesWhoeverItIsOverFor) {
  begin({1, 1, 0, 2, 2, 0, 3, 3, 0});
  for (int i = 0; i < 3; ++i) scheduler.create(event(Operation::create));
  const std::uint64_t mutex = scheduler.objects().find_or_make(0x10, ObjectKind::mutex);
  EXPECT_EQ(mutex, 1U);
  ASSERT_EQ(scheduler.announce(on(Operation::lock, 0x10, ObjectKind::mutex)), 1);
  scheduler.step(event(Operation::start));
  ASSERT_EQ(yield_to_next(), 1);
  scheduler.step(event(Operation::yield));
  Event until = event(Operation::sleep);
  until.deadline_ns = 1000;
  ASSERT_EQ(scheduler.sleep(until), 0);
  scheduler.lock(on(Operation::lock, 0x10, ObjectKind::mutex));
  ASSERT_EQ(yield_to_next(), 2);
  scheduler.step(event(Operation::start));
  Event attempt = on(Operation::timed_lock, 0x10, ObjectKind::mutex);
  attempt.deadline_ns = 1000;
  strategy = Scripted({0, 3, 3, 0});
  ASSERT_EQ(scheduler.announce(attempt), 0);
  scheduler.step(event(Operation::yield));
  ASSERT_EQ(yield_to_next(), 3);
  scheduler.step(event(Operation::start));
  ASSERT_EQ(yield_to_next(), 3);
  scheduler.step(event(Operation::yield));
  Event waits = on(Operation::timed_wait, 0x20, ObjectKind::condition);
  waits.deadline_ns = 1000;
  ASSERT_EQ(scheduler.wait(waits), 0);
  strategy.questions.clear();
  scheduler.advance_time(999);
  scheduler.step(event(Operation::yield));
  ASSERT_EQ(yield_to_next(), 0);
  EXPECT_TRUE(strategy.questions.empty());  // there was nobody else
  scheduler.advance_time(1);
  EXPECT_EQ(scheduler.now_ns(), 1000U);
  scheduler.step(event(Operation::yield));
  yield_to_next();
  ASSERT_EQ(strategy.questions.size(), 1U);
  EXPECT_EQ(strategy.questions[0].threads, (std::vector<ThreadId>{0, 1, 2, 3}));
}

// -- Waiting and waking ----------------------------------------------------------------------

TEST_F(SchedulerTest, WhomANotifyWakesIsAChoiceInWaitingOrder) {
  const Program program = {{},
                           {lock(0), wait(0, 0), unlock(0)},
                           {lock(0), wait(0, 0), unlock(0)},
                           {sleep(1), notify_one(0)}};
  const Ending ending = run(program, {2, 2, 2, 1, 1, 3, 1});
  EXPECT_EQ(ending.end, EndReason::deadlock);
  EXPECT_EQ(ending.noted, (Notes{{}, {1}, {}, {}}));
  bool asked = false;
  for (const Scripted::Question& question : strategy.questions) {
    if (question.kind != ChoiceKind::wake) continue;
    asked = true;
    EXPECT_EQ(question.threads, (std::vector<ThreadId>{2, 1}));
    EXPECT_EQ(question.current, 3);
  }
  EXPECT_TRUE(asked);
  for (const Heard& step : interpreter.heard) {
    if (step.event.operation == Operation::notify_one) {
      EXPECT_EQ(step.event.other, 1);
    }
  }
  EXPECT_EQ(scheduler.blocker_of(2), kNoThread);
}

TEST_F(SchedulerTest, WakingEveryoneIsNoChoice) {
  const Program program = {
      {}, {futex_wait(0, 0)}, {futex_wait(0, 0)}, {sleep(1), futex_wake(0, 2)}};
  EXPECT_EQ(run(program).noted, (Notes{{}, {1}, {1}, {2}}));
  for (const Scripted::Question& question : strategy.questions) {
    EXPECT_EQ(question.kind, ChoiceKind::thread);
  }
}

TEST_F(SchedulerTest, AWakeTellsWhomAndByWhom) {
  run({{}, {futex_wait(0, 0)}, {sleep(1), futex_wake(0, 1)}});
  for (const Heard& step : interpreter.heard) {
    if (step.event.operation == Operation::futex_wake) {
      EXPECT_EQ(step.event.other, 1);
      EXPECT_EQ(step.event.after, 1U);
    }
    if (step.event.operation == Operation::futex_woken) {
      EXPECT_EQ(step.event.other, 2);
    }
  }
  EXPECT_EQ(scheduler.state(1).woken_by, 2);
}

TEST_F(SchedulerTest, AFutexWakesOnlyWhomItsBitsConcern) {
  begin({1, 1, 0});
  scheduler.create(event(Operation::create));
  ASSERT_EQ(yield_to_next(), 1);
  scheduler.step(event(Operation::start));
  ASSERT_EQ(yield_to_next(), 1);
  ASSERT_EQ(scheduler.wait(on(Operation::futex_wait, 0x10, ObjectKind::futex), 2), 0);
  const Event wake = on(Operation::futex_wake, 0x10, ObjectKind::futex);
  EXPECT_EQ(scheduler.wake(wake, 1, 4), 0U);
  EXPECT_EQ(scheduler.wake(wake, 1, 6), 1U);
}

TEST_F(SchedulerTest, AWaiterIsQueuedBeforeItsMutexIsFree) {
  // Whoever locks after the waiter did finds it in the queue, so nothing is lost.
  const Explored all = explore(
      {{}, {lock(0), wait(0, 0), unlock(0)}, {sleep(1), lock(0), notify_one(0), unlock(0)}});
  EXPECT_FALSE(may_end(all, EndReason::deadlock));
  EXPECT_EQ(noted_by(all, 1), std::set<std::vector<int>>{{1}});
}

TEST_F(SchedulerTest, ANotifyThatFindsNobodyIsRemembered) {
  const Ending ending = run({{}, {sleep(1), lock(0), wait(0, 0)}, {notify_one(0)}});
  EXPECT_EQ(ending.end, EndReason::deadlock);
  const ObjectId condition = scheduler.objects().find(address_of_condition(0));
  EXPECT_NE(scheduler.objects()[condition].missed_notify_step, 0U);
  EXPECT_EQ(scheduler.objects()[condition].waiter_count, 1U);
}

// -- Locks -----------------------------------------------------------------------------------

TEST_F(SchedulerTest, ARecursiveMutexIsFreeWhenItWasUnlockedAsOftenAsLocked) {
  const Explored all =
      explore({{},
               {lock(1), try_lock(1), store(0, 1), unlock(1), store(0, 2), unlock(1)},
               {lock(1), load(0), unlock(1)}});
  EXPECT_FALSE(may_end(all, EndReason::deadlock));
  EXPECT_EQ(noted_by(all, 2), (std::set<std::vector<int>>{{0}, {2}}));
  const Explored tried =
      explore({{}, {lock(1), lock(1), unlock(1), yield(), unlock(1)}, {try_lock(1), load(0)}});
  EXPECT_EQ(noted_by(tried, 2), (std::set<std::vector<int>>{{0, 0}, {1, 0}}));
}

TEST_F(SchedulerTest, UnlockTellsWhoMayNot) {
  EXPECT_EQ(run({{}, {unlock(0)}}).noted[1],
            std::vector<int>{static_cast<int>(LockError::not_locked)});
  EXPECT_EQ(run({{}, {lock(0), sleep(10), unlock(0)}, {unlock(0)}}, {1, 1, 2, 2}).noted,
            (Notes{{}, {}, {static_cast<int>(LockError::not_owner)}}));
}

TEST_F(SchedulerTest, ADeadlockNamesWhoBlocksWhom) {
  const Ending ending = run({{join(1)}, {lock(0), lock(2)}, {lock(2), lock(0)}}, {1, 1, 2, 2, 2});
  EXPECT_EQ(ending.end, EndReason::deadlock);
  EXPECT_EQ(scheduler.blocker_of(0), 1);
  EXPECT_EQ(scheduler.blocker_of(1), 2);
  EXPECT_EQ(scheduler.blocker_of(2), 1);
}

TEST_F(SchedulerTest, OnceRunsOneInitialiserAndAnotherIfItFails) {
  const std::vector<Op> good = {once_enter(0), fetch_add(0, 1), once_leave(0)};
  const Explored all = explore({{}, good, good});
  EXPECT_FALSE(may_end(all, EndReason::deadlock));
  for (const Ending& ending : all.endings) EXPECT_EQ(ending.variables[0], 1U);
  const std::vector<Op> bad = {once_enter(0), fetch_add(0, 10), once_leave(0, false)};
  const Explored failing = explore({{}, good, bad});
  std::set<unsigned> sums;
  for (const Ending& ending : failing.endings) sums.insert(ending.variables[0]);
  EXPECT_EQ(sums, (std::set<unsigned>{1, 11}));
}

// -- Happens-before --------------------------------------------------------------------------

TEST_F(SchedulerTest, LocksThreadsWaitsAndOnceOrderPlainAccesses) {
  const auto races_in_all = [](const Program& program) {
    const Explored all = explore(program);
    return all.raced_count == all.execution_count;
  };
  const auto races_in_none = [](const Program& program) {
    return explore(program).raced_count == 0;
  };
  EXPECT_TRUE(races_in_all({{}, {write(0, 1)}, {write(0, 2)}}));
  EXPECT_TRUE(races_in_all({{}, {yield(), write(0, 1)}, {sleep(5), read(0)}}));  // time is no order
  EXPECT_TRUE(
      races_in_none({{}, {lock(0), write(0, 1), unlock(0)}, {lock(0), write(0, 2), unlock(0)}}));
  EXPECT_TRUE(
      races_in_none({{},
                     {timed_lock(1, 5), lock(1), write(0, 1), unlock(1), write(0, 3), unlock(1)},
                     {lock(1), write(0, 2), unlock(1)}}));
  EXPECT_TRUE(
      races_in_all({{}, {lock(0), write(0, 1), unlock(0)}, {lock(2), write(0, 2), unlock(2)}}));
  EXPECT_TRUE(races_in_none({{write(0, 1), spawn(1), join(1), write(0, 3)}, {write(0, 2)}}));
  EXPECT_TRUE(races_in_none({{},
                             {lock(0), write(0, 1), wait(0, 0), write(0, 1), unlock(0)},
                             {lock(0), write(0, 2), notify_one(0), unlock(0)}}));
  EXPECT_TRUE(races_in_none({{},
                             {once_enter(0), write(0, 1), once_leave(0), read(0)},
                             {once_enter(0), write(0, 1), once_leave(0), read(0)}}));
  // [thread.once.callonce]: an initialiser that threw comes before the next one.
  EXPECT_TRUE(races_in_none({{},
                             {once_enter(0), write(0, 1), once_leave(0, false)},
                             {once_enter(0), write(0, 1), once_leave(0, false)}}));
}

// -- Threads ---------------------------------------------------------------------------------

TEST_F(SchedulerTest, AJoinWaitsForTheEnd) {
  const Explored all = explore({{spawn(1), join(1), load(0)}, {store(0, 1), store(0, 2)}});
  EXPECT_EQ(noted_by(all, 0), std::set<std::vector<int>>{{2}});
  run({{spawn(1), join(1)}, {yield()}});
  EXPECT_TRUE(scheduler.reclaimable(1));
  EXPECT_FALSE(scheduler.reclaimable(0));
}

TEST_F(SchedulerTest, ADetachedThreadIsReclaimableOnceItIsDone) {
  begin({1});
  ASSERT_EQ(scheduler.create(event(Operation::create)), 1);
  scheduler.detach(1);
  EXPECT_FALSE(scheduler.reclaimable(1));
  ASSERT_EQ(yield_to_next(), 1);
  scheduler.step(event(Operation::start));
  ASSERT_EQ(scheduler.finish(event(Operation::finish)), 0);
  EXPECT_TRUE(scheduler.reclaimable(1));
}

TEST_F(SchedulerTest, AnExecutionWithoutThreadsLeftIsFinishedNotDeadlocked) {
  EXPECT_EQ(run({{}, {yield()}}).end, EndReason::finished);
  EXPECT_EQ(strategy.summaries.size(), 1U);
}

TEST_F(SchedulerTest, OneIsTheLastAliveWhenAllOthersAreFinished) {
  begin();
  EXPECT_TRUE(scheduler.last_alive());
  scheduler.create(event(Operation::create));
  EXPECT_FALSE(scheduler.last_alive());
  strategy = Scripted({1});
  ASSERT_EQ(scheduler.announce(event(Operation::yield)), 1);
  scheduler.step(event(Operation::start));
  ASSERT_EQ(scheduler.finish(event(Operation::finish)), 0);
  EXPECT_TRUE(scheduler.last_alive());
}

TEST_F(SchedulerTest, IdsAreLentAgainWhenAllWereUsed) {
  begin();
  Event create = event(Operation::create);
  for (unsigned i = 1; i < kThreadCountMax; ++i) ASSERT_EQ(scheduler.create(create), i);
  EXPECT_EQ(scheduler.create(create), kNoThread);
  const auto finish_one = [&](ThreadId thread) {
    strategy = Scripted({thread});
    ASSERT_EQ(scheduler.announce(event(Operation::yield)), thread);
    scheduler.step(event(Operation::start));
    strategy = Scripted({0});
    ASSERT_EQ(scheduler.finish(event(Operation::finish)), 0);
    scheduler.step(event(Operation::yield));
  };
  finish_one(700);
  EXPECT_EQ(scheduler.create(create), kNoThread);  // nobody joined it
  Event join = event(Operation::join);
  join.other = 700;
  strategy = Scripted({0});
  ASSERT_EQ(scheduler.announce(join), 0);
  scheduler.join(join);
  EXPECT_EQ(scheduler.state(700).step_count, 2U);
  const std::uint32_t clock = interpreter.detector.clock(700);
  const std::uint64_t past = scheduler.state(700).hash;
  EXPECT_NE(past, 0U);
  ASSERT_EQ(scheduler.create(create), 700);
  EXPECT_FALSE(scheduler.state(700).joined);
  EXPECT_EQ(scheduler.state(700).step_count, 0U);
  EXPECT_EQ(scheduler.state(700).hash, past);  // what the former did stays in the fingerprint
  EXPECT_EQ(scheduler.state(700).status, ThreadStatus::ready);
  EXPECT_GT(interpreter.detector.clock(700), clock);
  EXPECT_EQ(scheduler.create(create), kNoThread);
  // One that ended unseen by the creator does not lend its id: its accesses are not ordered.
  scheduler.detach(500);
  finish_one(500);
  EXPECT_TRUE(scheduler.reclaimable(500));
  EXPECT_EQ(scheduler.create(create), kNoThread);
}

// -- The end ---------------------------------------------------------------------------------

TEST_F(SchedulerTest, AnExecutionTakesNoMoreStepsThanItMay) {
  const Program program = {{}, std::vector<Op>(50, yield()), std::vector<Op>(50, yield())};
  strategy.begin();
  EXPECT_EQ(interpreter.run(program, strategy, 20).end, EndReason::step_limit);
  EXPECT_EQ(scheduler.step_count(), 20U);
  ASSERT_EQ(strategy.summaries.size(), 1U);
  EXPECT_EQ(strategy.summaries[0].step_count, 20U);
  EXPECT_EQ(strategy.summaries[0].thread_count, 3U);
  EXPECT_EQ(strategy.summaries[0].choice_count, interpreter.schedule.size());
  scheduler.end(EndReason::finished);  // too late: nobody is told
  EXPECT_EQ(scheduler.end_reason(), EndReason::step_limit);
  EXPECT_EQ(strategy.summaries.size(), 1U);
}

TEST_F(SchedulerTest, AStopIsMetAtTheNextStep) {
  begin();
  ASSERT_EQ(yield_to_next(), 0);
  scheduler.request_stop();
  scheduler.step(event(Operation::yield));
  EXPECT_EQ(yield_to_next(), kNoThread);
  EXPECT_EQ(scheduler.end_reason(), EndReason::stopped);
  begin();
  EXPECT_EQ(yield_to_next(), 0);
  strategy.begin();
  EXPECT_EQ(interpreter.run({{}, {yield(), yield()}}, strategy, 3).end, EndReason::step_limit);
}

TEST_F(SchedulerTest, AScheduleThatIsFullEndsTheExecution) {
  // A step may take more than one answer: a thread, and a value.
  const Program program = {{}, std::vector<Op>(50, choose(3)), std::vector<Op>(50, choose(3))};
  for (std::size_t capacity = 1; capacity < 9; ++capacity) {
    std::vector<std::uint16_t> room(capacity);
    interpreter.schedule = Schedule(room.data(), capacity);
    EXPECT_EQ(run(program).end, EndReason::step_limit);
    EXPECT_EQ(interpreter.schedule.size(), capacity);
    EXPECT_EQ(strategy.questions.size(), capacity);
  }
}

// -- What strategies are told -----------------------------------------------------------------

TEST_F(SchedulerTest, AChoicePointShowsWhatEachThreadIsAboutToDo) {
  struct Look final : Strategy {
    [[nodiscard]] const char* name() const override { return "look"; }
    bool begin() override { return true; }
    Alternative choose(const ChoicePoint& point) override {
      EXPECT_EQ(point.kind, ChoiceKind::thread);
      EXPECT_EQ(point.count, point.threads.size());
      EXPECT_TRUE(std::is_sorted(point.threads.begin(), point.threads.end()));
      EXPECT_EQ(point.step, scheduler->step_count());
      EXPECT_EQ(point.states.size(), 3U);
      for (const ThreadId thread : point.threads) {
        EXPECT_EQ(point.states[thread].status, ThreadStatus::ready);
        seen.insert(point.states[thread].pending.operation);
      }
      return static_cast<Alternative>(point.step % point.count);
    }
    Scheduler* scheduler = nullptr;
    std::set<Operation> seen;
  };
  Look look;
  look.scheduler = &scheduler;
  interpreter.run({{}, {lock(0), store(0, 1)}, {load(0)}}, look);
  EXPECT_EQ(look.seen, (std::set<Operation>{Operation::start, Operation::lock, Operation::load}));
}

TEST_F(SchedulerTest, OneValueIsNoChoice) {
  EXPECT_EQ(run({{}, {choose(1)}}).noted[1], std::vector<int>{0});
  EXPECT_TRUE(strategy.questions.empty());
  strategy = Scripted({}, 65'535);
  strategy.begin();
  EXPECT_EQ(interpreter.run({{}, {choose(65'536)}}, strategy).noted[1], std::vector<int>{65'535});
}

TEST_F(SchedulerTest, AStepThatNobodyAnnouncedHadNoAlternatives) {
  begin({0});
  scheduler.create(event(Operation::create));
  ASSERT_EQ(scheduler.announce(on(Operation::once_enter, 0x10, ObjectKind::once)), 0);
  interpreter.heard.clear();
  ASSERT_TRUE(scheduler.once_enter(on(Operation::once_enter, 0x10, ObjectKind::once)));
  scheduler.once_leave(on(Operation::once_leave, 0x10, ObjectKind::once), true);
  ASSERT_EQ(interpreter.heard.size(), 2U);
  EXPECT_EQ(interpreter.heard[0].alternatives, 2U);
  EXPECT_EQ(interpreter.heard[1].alternatives, 1U);
}

// -- Fingerprints ----------------------------------------------------------------------------

TEST_F(SchedulerTest, FingerprintsAreEqualWhereStepsCommute) {
  for (const Program& program : {
           Program{{}, {fetch_add(0, 1), fetch_add(0, 1)}, {fetch_add(1, 1), fetch_add(1, 1)}},
           Program{{}, {lock(0), unlock(0)}, {lock(2), unlock(2)}},
           Program{{}, {yield(), sleep(10)}, {yield(), sleep(10)}, {yield()}},
           Program{{spawn(1), load(0), join(1)}, {load(1)}},
       }) {
    const Explored all = explore(program);
    EXPECT_GT(all.execution_count, 1U);
    EXPECT_EQ(all.fingerprints.size(), 1U) << to_text(program);
  }
}

TEST_F(SchedulerTest, FingerprintsDifferWhereStepsDoNotCommute) {
  const auto count = [](const Program& program) { return explore(program).fingerprints.size(); };
  EXPECT_EQ(count({{}, {fetch_add(0, 1)}, {fetch_add(0, 1)}}), 2U);
  EXPECT_EQ(count({{}, {fetch_add(0, 1), fetch_add(0, 1)}, {fetch_add(0, 1), fetch_add(0, 1)}}),
            6U);
  EXPECT_EQ(count({{}, {lock(0), unlock(0)}, {lock(0), unlock(0)}}), 2U);
  EXPECT_EQ(count({{}, {choose(3)}, {yield()}}), 3U);
  EXPECT_EQ(count({{}, {futex_wait(0, 0)}, {futex_wait(0, 0)}, {sleep(1), futex_wake(0, 1)}}), 4U);
  // The same steps by other threads.
  EXPECT_NE(explore({{}, {load(0)}, {}}).fingerprints, explore({{}, {}, {load(0)}}).fingerprints);
}

TEST_F(SchedulerTest, OutputIsInAnOrderThatOthersSee) {
  std::set<std::uint64_t> seen;
  for (const ThreadId first : {ThreadId{0}, ThreadId{1}}) {
    begin({1, first, 0});
    scheduler.create(event(Operation::create));
    ASSERT_EQ(scheduler.announce(event(Operation::output)), 1);
    scheduler.step(event(Operation::start));
    ASSERT_EQ(scheduler.announce(event(Operation::output)), first);
    scheduler.step(event(Operation::output));
    if (first == 0) {
      strategy = Scripted({1});
      ASSERT_EQ(scheduler.announce(event(Operation::yield)), 1);
      scheduler.step(event(Operation::output));
    } else {
      ASSERT_EQ(scheduler.finish(event(Operation::finish)), 0);
      scheduler.step(event(Operation::output));
    }
    // Thread 0 has put out, and thread 1 too, in either order.
    seen.insert(scheduler.state(0).hash);
  }
  EXPECT_EQ(seen.size(), 2U);
}

TEST_F(SchedulerTest, ExecutionsDoNotLeakIntoTheNext) {
  const Program full = {{},
                        {lock(0), lock(1), timed_lock(0, 50), futex_wait(0, 0)},
                        {sleep(5), lock(0), wait(0, 0)},
                        {timed_lock(1, 70), once_enter(0)}};
  const Program probe = {{}, {lock(0), unlock(0), once_enter(0), once_leave(0)}, {lock(1)}};
  Interpreter fresh;
  fresh.listening = true;
  Scripted same;
  const Ending expected = fresh.run(probe, same);
  run(full);
  EXPECT_EQ(run(probe), expected);
  EXPECT_EQ(scheduler.fingerprint(), fresh.scheduler.fingerprint());
  EXPECT_EQ(interpreter.heard.size(), fresh.heard.size());
  EXPECT_EQ(scheduler.now_ns(), 0U);
  // Deadlines that an execution left behind keep nobody of the next alive.
  strategy.begin();
  EXPECT_EQ(interpreter.run({{}, {sleep(10)}, std::vector<Op>(20, yield())}, strategy, 10).end,
            EndReason::step_limit);
  EXPECT_EQ(run({{}, {lock(0), lock(0)}}).end, EndReason::deadlock);
}

TEST_F(SchedulerTest, JoinEndsByItsDeadline) {
  begin({0, 0});
  const ThreadId child = scheduler.create(event(Operation::create));
  Event join = event(Operation::join);
  join.other = child;
  join.deadline_ns = 500;
  EXPECT_EQ(scheduler.announce(join), child);  // it alone can go on
  scheduler.step(event(Operation::start));
  Event sleep = event(Operation::sleep);
  sleep.deadline_ns = 900;
  EXPECT_EQ(scheduler.sleep(sleep), kMainThread);
  EXPECT_EQ(scheduler.now_ns(), 500U);
  EXPECT_NE(scheduler.state(child).status, ThreadStatus::finished);
  join.outcome = Outcome::timed_out;
  scheduler.step(join);
  join.deadline_ns = 2000;
  EXPECT_EQ(scheduler.announce(join), child);
  EXPECT_EQ(scheduler.finish(event(Operation::finish)), kMainThread);
  EXPECT_EQ(scheduler.now_ns(), 900U);  // joined in time
  scheduler.join(join);
  // Nobody is left with a deadline: who waits now waits for ever.
  EXPECT_EQ(scheduler.wait(on(Operation::wait, 64, ObjectKind::condition)), kNoThread);
  EXPECT_EQ(scheduler.end_reason(), EndReason::deadlock);
}

TEST_F(SchedulerTest, InterruptedThreadGivesUpWhatItWaitsFor) {
  begin({0, 0, 1});
  const ThreadId child = scheduler.create(event(Operation::create));
  EXPECT_EQ(scheduler.announce(event(Operation::yield)), kMainThread);
  scheduler.step(event(Operation::yield));
  Event join = event(Operation::join);
  join.other = child;
  EXPECT_EQ(scheduler.announce(join), child);
  scheduler.step(event(Operation::start));
  scheduler.unblock(kMainThread);
  // Now it can go on, though what it joins has not ended.
  EXPECT_EQ(scheduler.announce(event(Operation::yield)), kMainThread);
  scheduler.give_up(event(Operation::cancelled));
  // A semaphore that stays empty, with a deadline that no longer counts.
  Event acquire = on(Operation::acquire, 128, ObjectKind::semaphore);
  acquire.deadline_ns = 700;
  EXPECT_EQ(scheduler.announce(acquire), child);
  scheduler.unblock(kMainThread);
  EXPECT_EQ(scheduler.finish(event(Operation::finish)), kMainThread);
  scheduler.give_up(event(Operation::cancelled));
  EXPECT_EQ(scheduler.now_ns(), 0U);
  EXPECT_EQ(scheduler.objects()[acquire.object].pending_count, 0U);
  EXPECT_EQ(scheduler.wait(on(Operation::wait, 64, ObjectKind::condition)), kNoThread);
  EXPECT_EQ(scheduler.end_reason(), EndReason::deadlock);
}

TEST_F(SchedulerTest, AbandonedMutexIsFreeAndTheNextOwnerCanTell) {
  begin();
  Event mutex = on(Operation::lock, 64, ObjectKind::mutex);
  scheduler.objects()[mutex.object].robustness = Robustness::sound;
  EXPECT_EQ(scheduler.announce(mutex), kMainThread);
  scheduler.lock(mutex);
  scheduler.abandon(mutex);
  EXPECT_EQ(scheduler.objects()[mutex.object].owner, kNoThread);
  EXPECT_EQ(scheduler.objects()[mutex.object].robustness, Robustness::abandoned);
  EXPECT_TRUE(scheduler.try_lock(mutex));
}

}  // namespace
}  // namespace trama::testing
