#include "explore/strategies.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "explore/pct.hpp"
#include "explore/portfolio.hpp"
#include "explore/random_walk.hpp"
#include "explore/round_robin.hpp"
#include "schedule/testing/explored.hpp"
#include "schedule/testing/program.hpp"
#include "schedule/testing/scripted.hpp"

namespace trama::testing {
namespace {

/// The threads that took the steps, start and end included.
std::vector<ThreadId> order_of(const Interpreter& interpreter) {
  std::vector<ThreadId> order;
  for (const Heard& step : interpreter.heard) order.push_back(step.event.thread);
  return order;
}

/// A choice point made by hand, with threads that are about to do a yield or a load.
struct Point {
  explicit Point(std::vector<ThreadId> candidates, ThreadId current = 0, std::uint64_t step = 0)
      : threads(std::move(candidates)), states(8) {
    for (ThreadState& state : states) state.pending.operation = Operation::load;
    point.count = static_cast<std::uint32_t>(threads.size());
    point.current = current;
    point.step = step;
    point.threads = threads;
    point.states = states;
  }
  Point(const Point&) = delete;
  Point& operator=(const Point&) = delete;

  std::vector<ThreadId> threads;
  std::vector<ThreadState> states;
  ChoicePoint point;
};

ThreadId pick(Strategy& strategy, const Point& point) {
  return point.threads[strategy.choose(point.point)];
}

TEST(Strategies, AreMadeByName) {
  Options options;
  const auto name = [&](const char* text) {
    options.strategy = text;
    const auto strategy = make_strategy(options);
    if (strategy == nullptr) return std::string("none");
    EXPECT_TRUE(strategy->begin());
    return std::string(strategy->name());
  };
  EXPECT_EQ(name("random"), "random");
  EXPECT_EQ(name("pct"), "pct");
  EXPECT_EQ(name("round-robin"), "round-robin");
  EXPECT_EQ(name("portfolio"), "random");  // its first member
  EXPECT_EQ(name("Random"), "none");
  EXPECT_EQ(name(""), "none");
}

TEST(Strategies, TheSameSeedGivesTheSameExecutionsAndAnotherSeedOthers) {
  const Program program = {{},
                           std::vector<Op>(8, fetch_add(0, 1)),
                           std::vector<Op>(8, fetch_add(0, 1)),
                           {choose(1000), choose(1000)}};
  for (const char* name : {"random", "pct", "portfolio", "round-robin"}) {
    const auto executions = [&](std::uint64_t seed) {
      Options options;
      options.strategy = name;
      options.seed = seed;
      const auto strategy = make_strategy(options);
      Interpreter interpreter;
      std::vector<Ending> endings;
      for (int i = 0; i < 20 && strategy->begin(); ++i) {
        endings.push_back(interpreter.run(program, *strategy));
      }
      return endings;
    };
    EXPECT_EQ(executions(7).size(), 20U) << name;
    EXPECT_EQ(executions(7), executions(7)) << name;
    EXPECT_EQ(executions(7) == executions(8), std::string(name) == "round-robin") << name;
    EXPECT_FALSE(executions(7)[0] == executions(7)[1]) << name;
  }
}

// -- Random walk -----------------------------------------------------------------------------

TEST(RandomWalk, EveryAlternativeIsEquallyLikely) {
  constexpr std::uint64_t kSeed = 3;
  RandomWalk walk(kSeed);
  const Point point({0, 1, 2, 4, 7});
  std::map<ThreadId, int> counts;
  constexpr int kRounds = 10'000;
  for (int i = 0; i < kRounds; ++i) {
    ASSERT_TRUE(walk.begin());
    ++counts[pick(walk, point)];  // the first of each execution
    ++counts[pick(walk, point)];
  }
  double chi_square = 0;
  for (const ThreadId thread : point.threads) {
    const double expected = 2.0 * kRounds / 5;
    chi_square += (counts[thread] - expected) * (counts[thread] - expected) / expected;
  }
  EXPECT_LT(chi_square, 18.5);  // 4 degrees of freedom: exceeded once in a thousand seeds
}

TEST(RandomWalk, LeavesASpinningThread) {
  RandomWalk walk(0);
  Interpreter interpreter;
  for (int i = 0; i < 200; ++i) {
    walk.begin();
    // Thread 1 spins long; thread 2 must come to its end well before the spinning does.
    interpreter.listening = true;
    interpreter.run({{}, std::vector<Op>(200, load(0)), {store(0, 1)}}, walk);
    const std::vector<ThreadId> order = order_of(interpreter);
    EXPECT_LT(std::find(order.rbegin(), order.rend(), 2).base() - order.begin(), 60);
  }
}

// -- PCT -------------------------------------------------------------------------------------

TEST(Pct, TheHighestPriorityRunsUntilItIsBlocked) {
  Pct pct(1, 1);  // depth 1: no change points
  Interpreter interpreter;
  interpreter.listening = true;
  std::set<std::vector<ThreadId>> orders;
  for (int i = 0; i < 300; ++i) {
    pct.begin();
    interpreter.run({{}, {load(0), load(0)}, {load(0), load(0)}, {load(0), load(0)}}, pct);
    std::vector<ThreadId> order = order_of(interpreter);
    order.erase(std::unique(order.begin(), order.end()), order.end());
    EXPECT_EQ(order.size(), 4U) << "a thread was left before its end";
    orders.insert(order);
  }
  EXPECT_EQ(orders.size(), 6U);  // every order of priorities comes
}

TEST(Pct, AThreadThatBecomesEnabledTakesOver) {
  Pct pct(5, 1);
  for (int i = 0; i < 50; ++i) {
    pct.begin();
    const ThreadId best = pick(pct, Point({1, 2, 3}));
    std::vector<ThreadId> others = {1, 2, 3};
    std::erase(others, best);
    const ThreadId second = pick(pct, Point(others, best, 1));
    EXPECT_EQ(pick(pct, Point({1, 2, 3}, second, 2)), best);
    EXPECT_EQ(pick(pct, Point(others, best, 3)), second);
  }
}

TEST(Pct, WhoIsAboutToTakeTheStepFalls) {
  // With two steps there are two places for the one change point.
  Pct pct(9, 2);
  pct.begin();
  pct.end({2, 0, 3});
  int at_step_0 = 0;
  constexpr int kRounds = 4000;
  for (int i = 0; i < kRounds; ++i) {
    pct.begin();
    const ThreadId first = pick(pct, Point({1, 2}, 0, 0));
    // Thread 3 ran last, by no choice; if the change point is here it is not who falls.
    const ThreadId second = pick(pct, Point({1, 2}, 3, 1));
    const ThreadId third = pick(pct, Point({1, 2}, second, 2));
    EXPECT_EQ(second, third);
    if (first == second) ++at_step_0;
  }
  EXPECT_NEAR(at_step_0, kRounds / 2, 4 * std::sqrt(kRounds / 4.0));
}

TEST(Pct, AChangePointThatPassedWithoutAChoiceFallsOnWhoRan) {
  Pct pct(10, 2);
  pct.begin();
  pct.end({1, 0, 3});  // so the change point is at step 0
  for (int i = 0; i < 200; ++i) {
    pct.begin();
    const ThreadId best = pick(pct, Point({1, 2}, 3, 1));
    EXPECT_EQ(pick(pct, Point({1, 2, 3}, best, 2)), best);
  }
}

TEST(Pct, AThreadThatYieldsOrSleepsFallsBelowAllOthers) {
  for (const Operation operation : {Operation::yield, Operation::sleep}) {
    Pct pct(2, 1);
    pct.begin();
    const ThreadId best = pick(pct, Point({1, 2, 3}));
    Point yields({1, 2, 3}, best, 1);
    yields.states[best].pending.operation = operation;
    const ThreadId next = pick(pct, yields);
    EXPECT_NE(next, best);
    Point both({1, 2, 3}, next, 2);
    both.states[next].pending.operation = operation;
    const ThreadId last = pick(pct, both);
    EXPECT_NE(last, best);
    EXPECT_NE(last, next);
    // The later it fell the lower it is.
    EXPECT_EQ(pick(pct, Point({best, next}, last, 3)), best);
  }
}

TEST(Pct, NobodyStarvesBehindASpinLoop) {
  Interpreter interpreter;
  interpreter.listening = true;
  const Program program = {{}, std::vector<Op>(5000, load(0)), {store(0, 1)}};
  Pct pct(0, 1);
  int first = 0;
  for (int i = 0; i < 40; ++i) {
    pct.begin();
    interpreter.run(program, pct);
    const std::vector<ThreadId> order = order_of(interpreter);
    const auto at = std::find(order.begin(), order.end(), ThreadId{2}) - order.begin();
    EXPECT_LT(at, 1010);
    if (at > 900) ++first;
  }
  EXPECT_GT(first, 5);  // where the spinning thread had the higher priority it did run long
}

/// How often `strategy` brings `program` to an ending that `bad` accepts, in `rounds`.
template <typename Bad>
double share_of(Strategy& strategy, const Program& program, int rounds, Bad bad,
                double* steps = nullptr) {
  Interpreter interpreter;
  int found = 0;
  std::uint64_t step_count = 0;
  for (int i = 0; i < rounds; ++i) {
    strategy.begin();
    if (bad(interpreter.run(program, strategy))) ++found;
    step_count = std::max(step_count, interpreter.scheduler.step_count());
  }
  if (steps != nullptr) *steps = static_cast<double>(step_count);
  return static_cast<double>(found) / rounds;
}

std::vector<Op> padded(const std::vector<Op>& front, unsigned count, const std::vector<Op>& back) {
  std::vector<Op> ops = front;
  ops.insert(ops.end(), count, load(3));
  ops.insert(ops.end(), back.begin(), back.end());
  return ops;
}

/// Thread 2 sees 1 in variable 0 and then, after thread 1 has gone on, 2 …: depth 1, 2, 3.
TEST(Pct, FindsBugsOfDepthDWithTheProbabilityOfThePaper) {
  constexpr int kRounds = 20'000;
  constexpr double kThreads = 3;
  // Depth 1: thread 2 is as a whole before thread 1's last step.
  const Program one = {{}, padded({}, 6, {load(0)}), padded({}, 6, {store(0, 1)})};
  Pct pct1(11, 1);
  EXPECT_GE(share_of(pct1, one, kRounds, [](const Ending& e) { return e.noted[1].back() == 1; }),
            1 / kThreads);
  // Depth 2: all of thread 2 between two steps of thread 1.
  const Program two = {{}, padded({store(0, 1)}, 4, {store(0, 0)}), padded({}, 4, {load(0)})};
  Pct pct2(12, 2);
  double k = 0;
  const double found2 = share_of(
      pct2, two, kRounds, [](const Ending& e) { return e.noted[2].back() == 1; }, &k);
  EXPECT_GE(found2, 1 / (kThreads * k));
  // Depth 3: 1 is seen first, then 2, by steps that are far apart, while it holds briefly.
  const Program three = {{},
                         padded({store(0, 1), store(0, 0)}, 3, {store(0, 2), store(0, 0)}),
                         padded({load(0)}, 3, {load(0)})};
  const auto seen = [](const Ending& e) {
    return e.noted[2].front() == 1 && e.noted[2].back() == 2;
  };
  Pct pct4(13, 4);
  const double found4 = share_of(pct4, three, kRounds * 5, seen, &k);
  EXPECT_GE(found4, 1 / (kThreads * k * k * k));
  // Without change points it is never found.
  Pct flat(13, 1);
  EXPECT_EQ(share_of(flat, three, 2000, seen), 0);
}

TEST(Pct, LearnsHowLongExecutionsAre) {
  // A change point beyond the end does nothing. Were the first guess kept as a lower bound,
  // most executions of a short program would have none.
  const Program program = {{}, {load(0), load(1)}, {load(0), load(1)}};
  Pct pct(4, 2);
  Interpreter interpreter;
  interpreter.listening = true;
  int switched = 0;
  constexpr int kRounds = 2000;
  for (int i = 0; i < kRounds; ++i) {
    pct.begin();
    interpreter.run(program, pct);
    std::vector<ThreadId> order = order_of(interpreter);
    order.erase(std::unique(order.begin(), order.end()), order.end());
    if (order.size() > 3) ++switched;
  }
  EXPECT_GT(switched, kRounds / 8);
}

TEST(Pct, DepthZeroVaries) {
  const Program program = {{}, std::vector<Op>(20, load(0)), std::vector<Op>(20, load(0))};
  Pct pct(6, 0);
  Interpreter interpreter;
  interpreter.listening = true;
  std::set<std::size_t> switches;
  for (int i = 0; i < 300; ++i) {
    pct.begin();
    interpreter.run(program, pct);
    std::vector<ThreadId> order = order_of(interpreter);
    order.erase(std::unique(order.begin(), order.end()), order.end());
    switches.insert(order.size() - 3);
  }
  EXPECT_EQ(switches, (std::set<std::size_t>{0, 1, 2, 3, 4}));
}

// -- Round-robin -----------------------------------------------------------------------------

TEST(RoundRobin, EachThreadTakesAsManyStepsInTurnAsTheExecutionIsOld) {
  RoundRobin strategy;
  Interpreter interpreter;
  interpreter.listening = true;
  const std::vector<Op> loads(3, load(0));
  const auto order = [&] {
    strategy.begin();
    interpreter.run({{}, loads, loads, loads}, strategy);
    std::vector<ThreadId> all;
    for (const Heard& step : interpreter.heard) {
      if (step.event.operation == Operation::start || step.event.operation == Operation::load) {
        all.push_back(step.event.thread);
      }
    }
    return all;
  };
  EXPECT_EQ(order(), (std::vector<ThreadId>{1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3}));
  EXPECT_EQ(order(), (std::vector<ThreadId>{1, 1, 2, 2, 3, 3, 1, 1, 2, 2, 3, 3}));
  order();
  EXPECT_EQ(order(), (std::vector<ThreadId>{1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3}));
}

TEST(RoundRobin, TheTurnGoesOnBehindWhoeverRanAndWakesInOrder) {
  RoundRobin strategy;
  strategy.begin();
  EXPECT_EQ(pick(strategy, Point({1, 4, 6}, 4)), 6);
  EXPECT_EQ(pick(strategy, Point({1, 4, 6}, 6)), 1);
  EXPECT_EQ(pick(strategy, Point({1, 6}, 4)), 6);
  EXPECT_EQ(pick(strategy, Point({4, 6}, 1)), 4);
  Point wake({5, 2}, 7);
  wake.point.kind = ChoiceKind::wake;
  EXPECT_EQ(pick(strategy, wake), 5);
}

// -- Portfolio -------------------------------------------------------------------------------

TEST(Portfolio, TakesTurns) {
  Portfolio portfolio(1);
  RandomWalk random(1);
  Pct pct(1, 0);
  const Program program = {{}, std::vector<Op>(10, load(0)), std::vector<Op>(10, load(0))};
  Interpreter interpreter;
  interpreter.listening = true;
  const auto execution = [&](Strategy& strategy) {
    strategy.begin();
    interpreter.run(program, strategy);
    return order_of(interpreter);
  };
  for (int i = 0; i < 10; ++i) {
    const std::vector<ThreadId> of_random = execution(portfolio);
    EXPECT_STREQ(portfolio.name(), "random");
    EXPECT_EQ(of_random, execution(random));
    pct.end({interpreter.scheduler.step_count(), 0, 3});  // it learns from all executions
    const std::vector<ThreadId> of_pct = execution(portfolio);
    EXPECT_STREQ(portfolio.name(), "pct");
    EXPECT_EQ(of_pct, execution(pct));
  }
}

}  // namespace
}  // namespace trama::testing
