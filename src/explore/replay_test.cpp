#include "explore/replay.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "explore/random_walk.hpp"
#include "schedule/testing/exhaustive.hpp"
#include "schedule/testing/program.hpp"
#include "schedule/testing/random_program.hpp"
#include "schedule/testing/scripted.hpp"

namespace trama::testing {
namespace {

std::vector<std::string> lines_of(const std::vector<Heard>& heard) {
  std::vector<std::string> lines;
  for (const Heard& step : heard) {
    const Event& event = step.event;
    lines.push_back(std::to_string(event.thread) + " " + std::string(to_text(event.operation)) +
                    " " + std::to_string(event.object) + " " + std::to_string(event.other) + " " +
                    std::to_string(static_cast<int>(event.outcome)) + " " +
                    std::to_string(event.before) + " " + std::to_string(event.after) + " of " +
                    std::to_string(step.alternatives) + " at " + std::to_string(step.time_ns));
  }
  return lines;
}

/// One execution, with all that can be compared.
struct Taken {
  Ending ending;
  std::vector<Heard> heard;
  std::vector<std::string> lines;
  std::vector<std::uint16_t> answers;
  std::uint64_t fingerprint = 0;
};

Taken take(const Program& program, Strategy& strategy, std::uint64_t step_count_max = 10'000,
           const Allowances& allowances = {}) {
  Interpreter interpreter;
  interpreter.scheduler.allow(allowances);
  interpreter.listening = true;
  Taken taken;
  taken.ending = interpreter.run(program, strategy, step_count_max);
  taken.heard = interpreter.heard;
  taken.lines = lines_of(interpreter.heard);
  taken.answers.assign(
      interpreter.answers.begin(),
      interpreter.answers.begin() + static_cast<std::ptrdiff_t>(interpreter.schedule.size()));
  taken.fingerprint = interpreter.scheduler.fingerprint();
  return taken;
}

void expect_same(const Taken& again, const Taken& first) {
  EXPECT_EQ(again.lines, first.lines);
  EXPECT_EQ(again.ending, first.ending);
  EXPECT_EQ(again.answers, first.answers);
  EXPECT_EQ(again.fingerprint, first.fingerprint);
}

/// What a recorder would write; the place of a step is its operation.
Trace trace_of(const std::vector<Heard>& heard) {
  Trace trace;
  for (const Heard& step : heard) {
    TraceStep written;
    written.event = step.event;
    written.alternatives = step.alternatives;
    written.time_ns = step.time_ns;
    written.place = static_cast<std::uint32_t>(trace.places.size());
    trace.places.push_back({0, static_cast<std::uint64_t>(step.event.operation), {}});
    trace.steps.push_back(written);
    // Between steps stand notes, which are no steps of the schedule.
    TraceStep note;
    note.event = step.event;
    note.event.operation = Operation::read;
    note.alternatives = 0;
    trace.steps.push_back(note);
  }
  return trace;
}

/// Follows a trace as a recorder does: each step is compared as it is taken.
class Follower final : public StepListener {
 public:
  explicit Follower(const Trace& trace, bool compare_places = true)
      : replay(trace, compare_places) {}

  Taken follow(const Program& program) {
    Interpreter interpreter;
    interpreter.listener = this;
    interpreter.scheduler.allow(allowances);
    EXPECT_TRUE(replay.begin());
    Taken taken;
    taken.ending = interpreter.run(program, replay);
    taken.lines = lines_of(heard);
    taken.answers.assign(
        interpreter.answers.begin(),
        interpreter.answers.begin() + static_cast<std::ptrdiff_t>(interpreter.schedule.size()));
    taken.fingerprint = interpreter.scheduler.fingerprint();
    return taken;
  }
  void on_step(const Event& event, std::uint32_t alternatives, std::uint64_t time_ns) override {
    heard.push_back({event, alternatives, time_ns});
    const bool diverged_before = replay.diverged();
    const TracePlace place = {0, static_cast<std::uint64_t>(event.operation) + place_shift, {}};
    const bool same = replay.check(event, place);
    if (!same && !diverged_before) diverged_at = heard.size() - 1;
  }

  TraceReplay replay;
  Allowances allowances;
  std::vector<Heard> heard;
  std::size_t diverged_at = ~std::size_t{0};
  std::uint64_t place_shift = 0;
};

TEST(ScheduleReplay, TakesAnyExecutionAgainStepForStep) {
  RandomWalk walk(17);
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    SCOPED_TRACE(seed);
    const Program program = random_program(seed, 2 + static_cast<unsigned>(seed % 3), 4);
    walk.begin();
    const Taken first = take(program, walk);
    std::vector<std::uint16_t> answers = first.answers;
    Schedule schedule(answers.data(), answers.size());
    schedule.resize(answers.size());
    ScheduleReplay replay(schedule);
    ASSERT_TRUE(replay.begin());
    expect_same(take(program, replay), first);
    ASSERT_TRUE(replay.begin());  // and again
    expect_same(take(program, replay), first);
    if (::testing::Test::HasFailure()) return;
  }
}

TEST(ScheduleReplay, FollowsAnotherProgramAsFarAsItCan) {
  std::uint16_t answers[] = {0, 9};
  Schedule schedule(answers, 2);
  schedule.resize(2);
  ScheduleReplay replay(schedule);
  replay.begin();
  ChoicePoint point;
  point.count = 2;
  EXPECT_EQ(replay.choose(point), 0U);
  EXPECT_EQ(replay.choose(point), 0U);  // there is no alternative 9
  EXPECT_EQ(replay.choose(point), 0U);  // beyond its end
}

TEST(TraceReplay, TakesAnyExecutionAgainByName) {
  RandomWalk walk(18);
  for (std::uint64_t seed = 5000; seed < 8000; ++seed) {
    SCOPED_TRACE(seed);
    const Program program = random_program(seed, 2 + static_cast<unsigned>(seed % 3), 4);
    walk.begin();
    const Taken first = take(program, walk);
    const Trace trace = trace_of(first.heard);
    Follower follower(trace);
    expect_same(follower.follow(program), first);
    EXPECT_FALSE(follower.replay.diverged());
    EXPECT_EQ(follower.replay.expected(), nullptr);
    if (::testing::Test::HasFailure()) return;
  }
}

TEST(TraceReplay, MeetsTheSameUnlikelyThingsAgain) {
  // The trace does not say how much was allowed: it is followed as if everything were.
  Allowances some;
  some.set(Chance::spurious_wake, 2);
  some.set(Chance::deadline, 25);
  some.set(Chance::try_lock, 1);
  RandomWalk walk(28);
  unsigned met = 0;
  for (std::uint64_t seed = 8000; seed < 12'000; ++seed) {
    SCOPED_TRACE(seed);
    const Program program = random_program(seed, 2 + static_cast<unsigned>(seed % 3), 4);
    walk.begin();
    const Taken first = take(program, walk, 10'000, some);
    for (const Heard& step : first.heard) met += step.event.after == 1 && step.event.mutex != 0;
    const Trace trace = trace_of(first.heard);
    Follower follower(trace);
    follower.allowances = Allowances::unlimited();
    const Taken again = follower.follow(program);
    EXPECT_EQ(again.lines, first.lines);
    EXPECT_EQ(again.ending, first.ending);
    EXPECT_FALSE(follower.replay.diverged());
    if (::testing::Test::HasFailure()) return;
  }
  EXPECT_GT(met, 50U);
}

TEST(TraceReplay, TakesAFaultFromTheStepThatItBefell) {
  Trace trace;
  trace.steps.resize(1);
  trace.steps[0].event.operation = Operation::fd_read;
  trace.steps[0].event.before = 2;
  TraceReplay replay(trace, false);
  ChoicePoint point;
  point.kind = ChoiceKind::chance;
  point.chance = Chance::io_fault;
  point.count = 2;
  for (const std::uint64_t fault : {1U, 2U, 3U}) {
    point.fault = fault;
    EXPECT_EQ(replay.choose(point), fault == 2 ? 1U : 0U);
  }
}

TEST(TraceReplay, KnowsWhomAWakeOfSeveralWoke) {
  // Two of four, then one, and one of them gives up waiting: the trace names only the first.
  const Program program = {{},
                           {futex_wait(0, 0), load(1)},
                           {futex_wait(0, 0), store(1, 2)},
                           {futex_wait(0, 0, 50), store(1, 3)},
                           {futex_wait(0, 0), store(1, 4)},
                           {sleep(1), futex_wake(0, 2), futex_wake(0, 1)}};
  RandomWalk walk(19);
  for (int i = 0; i < 3000 && !::testing::Test::HasFailure(); ++i) {
    SCOPED_TRACE(i);
    walk.begin();
    const Taken first = take(program, walk);
    const Trace trace = trace_of(first.heard);
    Follower follower(trace);
    const Taken again = follower.follow(program);
    EXPECT_EQ(again.lines, first.lines);
    EXPECT_EQ(again.ending, first.ending);
    EXPECT_FALSE(follower.replay.diverged());
  }
}

TEST(TraceReplay, KnowsWhoWokeWhomOfTwo) {
  const std::vector<Op> waits = {futex_wait(0, 0), fetch_add(1, 1)};
  const std::vector<Op> wakes = {sleep(1), futex_wake(0, 2)};
  const Program program = {{}, waits, waits, waits, waits, waits, wakes, wakes};
  RandomWalk walk(21);
  for (int i = 0; i < 3000 && !::testing::Test::HasFailure(); ++i) {
    SCOPED_TRACE(i);
    walk.begin();
    const Taken first = take(program, walk);
    const Trace trace = trace_of(first.heard);
    Follower follower(trace);
    expect_same(follower.follow(program), first);
    EXPECT_FALSE(follower.replay.diverged());
  }
}

TEST(TraceReplay, BehindTheLastStepGoesOnWhoFailed) {
  Trace trace;
  trace.findings.emplace_back().thread = 3;
  TraceReplay replay(trace, false);
  replay.begin();
  const ThreadId threads[] = {0, 2, 3};
  ChoicePoint point;
  point.count = 3;
  point.threads = threads;
  EXPECT_EQ(replay.choose(point), 2U);
  trace.findings[0].thread = 1;  // it cannot go on
  EXPECT_EQ(replay.choose(point), 0U);
}

TEST(TraceReplay, AnExecutionThatWasBrokenOffIsFollowedToItsEnd) {
  // Woken threads may have had no time to say by whom; the rest must still agree.
  const Program program = {{},
                           {futex_wait(0, 0), load(1)},
                           {futex_wait(0, 0, 30), store(1, 2)},
                           {futex_wait(0, 0), store(1, 3)},
                           {futex_wait(0, 0), store(1, 4)},
                           {sleep(1), futex_wake(0, 2), futex_wake(0, 1), load(1), load(1)}};
  RandomWalk walk(20);
  for (std::uint64_t i = 0; i < 2000 && !::testing::Test::HasFailure(); ++i) {
    SCOPED_TRACE(i);
    walk.begin();
    const Taken first = take(program, walk, 8 + i % 20);
    const Trace trace = trace_of(first.heard);
    Follower follower(trace);
    Taken again = follower.follow(program);
    EXPECT_FALSE(follower.replay.diverged());
    again.lines.resize(first.lines.size());
    EXPECT_EQ(again.lines, first.lines);
  }
}

class Divergence : public ::testing::Test {
 protected:
  Divergence() {
    Scripted script({1, 1, 2, 2, 2});
    script.begin();
    trace = trace_of(take(program, script).heard);
  }
  /// The number of the first step that differs.
  std::size_t found_by(const Program& other, bool compare_places = true,
                       std::uint64_t place_shift = 0) {
    Follower follower(trace, compare_places);
    follower.place_shift = place_shift;
    follower.follow(other);
    EXPECT_EQ(follower.replay.diverged(), follower.diverged_at != kNever);
    left_over = follower.replay.expected() != nullptr;
    return follower.diverged_at;
  }

  static constexpr std::size_t kNever = ~std::size_t{0};
  // Steps 0 and 1 create the threads, 2 ends main; then thread 1 starts and locks, thread 2
  // starts, loads and tries the lock in vain, and thread 1 goes on to its end.
  const Program program = {
      {}, {lock(0), store(0, 1), unlock(0)}, {load(0), try_lock(0), choose(3)}};
  Trace trace;
  bool left_over = false;
};

TEST_F(Divergence, NoneInTheSameProgram) {
  EXPECT_EQ(found_by(program), kNever);
  EXPECT_FALSE(left_over);
}

TEST_F(Divergence, ADifferentOperation) {
  EXPECT_EQ(
      found_by({{}, {lock(0), fetch_add(0, 1), unlock(0)}, {load(0), try_lock(0), choose(3)}}), 8U);
}

TEST_F(Divergence, AnotherObject) {
  EXPECT_EQ(found_by({{}, {lock(0), store(0, 1), unlock(0)}, {load(0), try_lock(2), choose(3)}}),
            7U);
  for (TraceStep& step : trace.steps) {
    if (step.event.operation == Operation::try_lock) ++step.event.object;  // the same outcome
  }
  EXPECT_EQ(found_by(program), 7U);
}

TEST_F(Divergence, AnotherOutcome) {
  for (TraceStep& step : trace.steps) {
    if (step.event.operation == Operation::try_lock && step.alternatives != 0) {
      step.event.outcome = trama::Outcome::ok;
    }
  }
  EXPECT_EQ(found_by(program), 7U);
}

TEST_F(Divergence, AStepTooFew) {
  EXPECT_EQ(found_by({{}, {lock(0), unlock(0)}, {load(0), try_lock(0), choose(3)}}), 8U);
  found_by({{}, {lock(0), store(0, 1), unlock(0)}, {load(0), try_lock(0)}});
  EXPECT_TRUE(left_over);
}

TEST_F(Divergence, AStepTooMany) {
  EXPECT_EQ(
      found_by({{}, {yield(), lock(0), store(0, 1), unlock(0)}, {load(0), try_lock(0), choose(3)}}),
      4U);
}

TEST_F(Divergence, AThreadThatCannotTakeItsStep) {
  // Thread 2 is to load while thread 1 holds the lock; here it waits for the lock instead.
  Follower follower(trace);
  follower.follow({{}, {lock(0), store(0, 1), unlock(0)}, {lock(0), load(0), choose(3)}});
  EXPECT_TRUE(follower.replay.diverged());
}

TEST_F(Divergence, AValueThatCannotBeChosen) {
  for (TraceStep& step : trace.steps) {
    if (step.event.operation == Operation::choose) step.event.after = 2;
  }
  Follower follower(trace);
  follower.follow({{}, {lock(0), store(0, 1), unlock(0)}, {load(0), try_lock(0), choose(2)}});
  EXPECT_TRUE(follower.replay.diverged());
  Follower same(trace);
  EXPECT_EQ(same.follow(program).ending.noted[2].back(), 2);
}

TEST_F(Divergence, AnotherPlaceIfPlacesAreCompared) {
  EXPECT_EQ(found_by(program, true, 1), 0U);
  EXPECT_EQ(found_by(program, false, 1), kNever);
}

TEST_F(Divergence, IsNotTakenBack) {
  Follower follower(trace);
  follower.follow({{}, {lock(0), fetch_add(0, 1), unlock(0)}, {load(0), try_lock(0), choose(3)}});
  Event same = trace.steps[12].event;
  EXPECT_FALSE(follower.replay.check(same, trace.places[trace.steps[12].place]));
  EXPECT_TRUE(follower.replay.begin());
  EXPECT_FALSE(follower.replay.diverged());
}

}  // namespace
}  // namespace trama::testing
