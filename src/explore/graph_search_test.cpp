// GraphSearch against programs whose executions were counted otherwise: by trying every graph, and
// every interleaving.
#include "explore/graph_search.hpp"

#include <gtest/gtest.h>

#include "explore/testing/object_program.hpp"
#include "explore/testing/tiny_explorer.hpp"
#include "memory/testing/brute_force.hpp"
#include "memory/testing/compare.hpp"
#include "memory/testing/random_tiny.hpp"

namespace trama {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)

TinyProgram increments(unsigned threads, unsigned times, MemoryOrder order) {
  return {std::vector(threads, std::vector(times, tiny::fetch_add(0, 1, order))), 1};
}

struct Count {
  unsigned threads;
  unsigned times;
  std::uint64_t executions;
};
constexpr Count kCounts[] = {{2, 1, 2},  {2, 2, 6},    {2, 3, 20}, {3, 1, 6},
                             {3, 2, 90}, {3, 3, 1680}, {4, 1, 24}, {4, 2, 2520}};

TEST(GraphSearch, CountsIncrementsInEveryModel) {
  for (const Count& count : kCounts) {
    for (const MemoryModel model : kMemoryModels) {
      for (const MemoryOrder order : {MemoryOrder::relaxed, MemoryOrder::seq_cst}) {
        GraphSearch search(model);
        const TinyProgram program = increments(count.threads, count.times, order);
        while (search.begin()) {
          TinyRun(program, search).run();
          search.end(GraphEnd::complete);
        }
        EXPECT_EQ(search.counts().complete, count.executions)
            << count.threads << "x" << count.times << " " << to_text(model);
      }
    }
  }
}

void expect_agreement(std::uint64_t seeds, const TinyBounds& bounds) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const TinyProgram program = random_tiny(seed, bounds);
    for (const MemoryModel model : kMemoryModels) {
      const Outcomes expected = enumerate(program, model, {.keep_graphs = true});
      const Outcomes found = explore(program, model);
      ASSERT_EQ(compare(program, model, expected, found), "") << "seed " << seed;
    }
  }
}

TEST(GraphSearch, FindsTheGraphsOfSmallPrograms) { expect_agreement(1500, {}); }
TEST(GraphSearch, FindsTheGraphsOfLongerThreads) {
  expect_agreement(150, {.thread_count_max = 2, .op_count_max = 5});
}
TEST(GraphSearch, FindsTheGraphsOfFourThreads) {
  expect_agreement(150, {.thread_count_max = 4, .op_count_max = 2});
}

TEST(GraphSearch, CountsCriticalSections) {
  for (const Count& count : kCounts) {
    ObjectProgram program(count.threads);
    for (auto& ops : program) {
      for (unsigned i = 0; i < count.times; ++i) {
        ops.push_back({ObjectOp::Kind::lock, 1});
        ops.push_back({ObjectOp::Kind::unlock, 1});
      }
    }
    std::uint64_t executions = 0;
    explore(program, executions);
    EXPECT_EQ(executions, count.executions) << count.threads << "x" << count.times;
  }
}

#if defined(__SANITIZE_ADDRESS__)
constexpr std::uint64_t kShare = 10;  // of the random programs, one in so many
#else
constexpr std::uint64_t kShare = 1;
#endif

/// The run itself looks whether happens-before is as the clocks of the locks have it.
void expect_orders_once(std::uint64_t seeds, bool tries) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const ObjectProgram program = random_object_program(seed, tries);
    std::set<ObjectOutcome> expected;
    interleave(program, ObjectRun(program), expected);
    std::uint64_t executions = 0;
    const std::set<ObjectOutcome> found = explore(program, executions);
    ASSERT_EQ(found, expected) << "seed " << seed;
    ASSERT_EQ(executions, expected.size()) << "seed " << seed;
  }
}

// Locks that are nested, kept, or wait for each other; operations on two objects at once; choices.
TEST(GraphSearch, FindsTheOrdersOfObjectsOnce) { expect_orders_once(800 / kShare, false); }
TEST(GraphSearch, AFailingAttemptOrdersNothing) { expect_orders_once(200 / kShare, true); }

}  // namespace
}  // namespace trama
