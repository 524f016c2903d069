// A search that is interrupted, saved, loaded, and split finds what one search finds, each once.
#include <gtest/gtest.h>

#include <deque>

#include "explore/graph_search.hpp"
#include "explore/testing/object_program.hpp"
#include "explore/testing/tiny_explorer.hpp"
#include "memory/testing/brute_force.hpp"
#include "memory/testing/compare.hpp"
#include "memory/testing/random_tiny.hpp"

namespace trama {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)

TinyProgram increments(unsigned threads, unsigned times) {
  return {std::vector(threads, std::vector(times, tiny::fetch_add(0, 1, MemoryOrder::relaxed))), 1};
}

/// Runs the execution that has begun.
void run(const TinyProgram& program, GraphSearch& search, Outcomes& outcomes) {
  TinyRun run(program, search);
  run.run();
  search.end(search.forbidden() ? GraphEnd::forbidden : GraphEnd::complete);
  if (search.forbidden()) return;
  ++outcomes.graph_count;
  outcomes.final_states.insert(run.final_state());
  outcomes.graphs.insert(run.execution_graph());
}

/// After every few executions all is saved, and another search goes on.
Outcomes explore_in_turns(const TinyProgram& program, MemoryModel model, unsigned turn) {
  Outcomes outcomes;
  auto search = std::make_unique<GraphSearch>(model);
  for (unsigned done = 0; search->begin();) {
    run(program, *search, outcomes);
    if (++done % turn != 0) continue;
    std::string bytes;
    search->save(bytes);
    search = std::make_unique<GraphSearch>(model);
    EXPECT_TRUE(search->load(bytes));
  }
  return outcomes;
}

/// Whoever works gives a part away after every execution; the parts wait in a queue.
Outcomes explore_in_parts(const TinyProgram& program, MemoryModel model) {
  Outcomes outcomes;
  std::deque<std::string> parts;
  GraphSearch first(model);
  const auto work = [&](GraphSearch& search) {
    while (search.begin()) {
      run(program, search, outcomes);
      std::string part;
      if (search.give_away(part)) parts.push_back(std::move(part));
    }
  };
  work(first);
  for (; !parts.empty(); parts.pop_front()) {
    GraphSearch search(model);
    EXPECT_TRUE(search.load(parts.front()));
    work(search);
  }
  return outcomes;
}

TEST(GraphSearchState, GoesOnWhereItWasSaved) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const TinyProgram program = random_tiny(seed, {});
    for (const MemoryModel model : kMemoryModels) {
      const Outcomes expected = enumerate(program, model, {.keep_graphs = true});
      for (const unsigned turn : {1U, 3U}) {
        const Outcomes found = explore_in_turns(program, model, turn);
        ASSERT_EQ(compare(program, model, expected, found), "") << "seed " << seed;
      }
    }
  }
}

TEST(GraphSearchState, PartsAreTheWhole) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const TinyProgram program = random_tiny(seed, {});
    for (const MemoryModel model : kMemoryModels) {
      const Outcomes expected = enumerate(program, model, {.keep_graphs = true});
      const Outcomes found = explore_in_parts(program, model);
      ASSERT_EQ(compare(program, model, expected, found), "") << "seed " << seed;
    }
  }
}

TEST(GraphSearchState, PartsOfObjectsAreTheWhole) {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const ObjectProgram program = random_object_program(seed);
    std::uint64_t expected_count = 0;
    const std::set<ObjectOutcome> expected = explore(program, expected_count);
    std::set<ObjectOutcome> found;
    std::uint64_t count = 0;
    std::deque<std::string> parts{std::string()};
    GraphSearch first(MemoryModel::rc11);
    for (bool begins = true; !parts.empty(); begins = false) {
      GraphSearch later(MemoryModel::rc11);
      GraphSearch& search = begins ? first : later;
      if (!begins) {
        ASSERT_TRUE(search.load(parts.front()));
      }
      parts.pop_front();
      while (search.begin()) {
        found.insert(run_object_program(program, search));
        ++count;
        std::string part;
        if (search.give_away(part)) parts.push_back(std::move(part));
      }
    }
    ASSERT_EQ(found, expected) << "seed " << seed;
    ASSERT_EQ(count, expected_count) << "seed " << seed;
  }
}

// Each execution is interrupted once, after it has begun or after it has gone some way.
TEST(GraphSearchState, WhatIsPutBackComesAgain) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const TinyProgram program = random_tiny(seed, {});
    for (const MemoryModel model : kMemoryModels) {
      const Outcomes expected = enumerate(program, model, {.keep_graphs = true});
      Outcomes found;
      GraphSearch search(model);
      while (search.begin()) {
        TinyRun(program, search).run();
        search.put_back();
        ASSERT_TRUE(search.begin());
        run(program, search, found);
      }
      ASSERT_EQ(compare(program, model, expected, found), "") << "seed " << seed;
    }
  }
}

TEST(GraphSearchState, DamagedBytesAreRefused) {
  GraphSearch search(MemoryModel::rc11);
  const TinyProgram program = increments(3, 2);
  Outcomes outcomes;
  for (unsigned i = 0; i < 10; ++i) {
    ASSERT_TRUE(search.begin());
    run(program, search, outcomes);
  }
  std::string bytes;
  search.save(bytes);
  unsigned whole_count = 0;  // a beginning is only good where a frame ends
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    GraphSearch other(MemoryModel::rc11);
    if (other.load(std::string_view(bytes).substr(0, size))) ++whole_count;
  }
  EXPECT_LT(whole_count, 5U);
  GraphSearch other(MemoryModel::rc11);
  EXPECT_FALSE(other.load(std::string_view(bytes).substr(0, bytes.size() - 1)));
  EXPECT_FALSE(other.load(bytes + '\x05'));
}

TEST(TreeEstimate, IsExactAtTheEndAndCloseBefore) {
  for (const MemoryModel model : kMemoryModels) {
    GraphSearch search(model);
    const TinyProgram program = increments(3, 3);
    Outcomes outcomes;
    while (search.begin()) {
      run(program, search, outcomes);
      if (search.counts().complete == 168) {
        EXPECT_GT(search.counts().tree.total(), 1680 / 3.0);
        EXPECT_LT(search.counts().tree.total(), 1680 * 3.0);
      }
    }
    EXPECT_NEAR(search.counts().tree.explored(), 1, 1e-9);
    EXPECT_NEAR(search.counts().tree.total(), 1680, 1e-3);
  }
}

TEST(TreeEstimate, KnowsNothingAtFirst) {
  EXPECT_EQ(TreeEstimate().total(), 0);
  TreeEstimate estimate;
  estimate.add_nothing(0.25);
  EXPECT_EQ(estimate.total(), 0);
  estimate.add_leaf(0.25);
  EXPECT_EQ(estimate.total(), 2);
}

}  // namespace
}  // namespace trama
