// What the bound leaves out, against all executions, the preemptions of each counted by trying every
// order.
#include "explore/preemption_bound.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "explore/graph_search.hpp"
#include "explore/testing/tiny_explorer.hpp"
#include "memory/testing/compare.hpp"
#include "memory/testing/random_tiny.hpp"

namespace trama {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)

/// The fewest preemptions of any order of a whole graph of loads, stores and fences.
class Fewest {
 public:
  explicit Fewest(const trama::ExecutionGraph& graph)
      : graph_(graph), done_(graph.thread_count(), 0) {}

  unsigned count() {
    visit(kNoThread, 0);
    return fewest_;
  }

 private:
  [[nodiscard]] std::size_t left(unsigned t) const {
    return graph_.thread(static_cast<ThreadId>(t)).size() - done_[t];
  }
  void visit(ThreadId last, unsigned preemptions) {
    if (preemptions >= fewest_) return;
    bool all = true;
    for (unsigned t = 0; t < done_.size(); ++t) {
      if (left(t) == 0) continue;
      all = false;
      const NodeId id = graph_.thread(static_cast<ThreadId>(t))[done_[t]];
      const NodeId from = graph_[id].from;
      if (from < kInitialStore && graph_[from].index >= done_[graph_[from].thread]) continue;
      const bool interrupts = last != kNoThread && last != t && left(last) != 0;
      ++done_[t];
      visit(static_cast<ThreadId>(t), preemptions + (interrupts ? 1 : 0));
      --done_[t];
    }
    if (all) fewest_ = preemptions;
  }

  const trama::ExecutionGraph& graph_;
  std::vector<std::size_t> done_;
  unsigned fewest_ = 1000;
};

/// The graphs that the search runs to their end, each with the preemptions that it needs.
std::map<testing::ExecutionGraph, unsigned> graphs(const TinyProgram& program, MemoryModel model,
                                                   std::uint64_t most) {
  std::map<testing::ExecutionGraph, unsigned> result;
  GraphSearch search(model, PreemptionBound(most));
  while (search.begin()) {
    TinyRun run(program, search);
    run.run();
    const bool forbidden = search.forbidden();
    search.end(forbidden ? GraphEnd::forbidden : GraphEnd::complete);
    if (forbidden) continue;
    const bool is_new =
        result.emplace(run.execution_graph(), Fewest(search.graph()).count()).second;
    EXPECT_TRUE(is_new);
  }
  return result;
}

/// Returns how many graphs were left out.
std::size_t expect_all_within(const TinyProgram& program, MemoryModel model, std::uint64_t most,
                              std::uint64_t seed) {
  const auto all = graphs(program, model, PreemptionBound::kNone);
  const auto bounded = graphs(program, model, most);
  for (const auto& [graph, preemptions] : all) {
    if (preemptions > most) continue;
    EXPECT_TRUE(bounded.contains(graph)) << "seed " << seed << ": one of " << preemptions;
  }
  for (const auto& [graph, preemptions] : bounded) EXPECT_TRUE(all.contains(graph));
  return all.size() - bounded.size();
}

TEST(PreemptionBound, LeavesOutNothingWithin) {
  for (const MemoryModel model : kMemoryModels) {
    std::size_t left_out = 0;
    for (std::uint64_t seed = 0; seed < 400; ++seed) {
      const TinyProgram program = random_tiny(seed, {});
      for (const std::uint64_t most : {0U, 1U}) {
        left_out += expect_all_within(program, model, most, seed);
      }
      if (HasFailure()) return;
    }
    EXPECT_GT(left_out, 100U) << to_text(model);
  }
}

TEST(PreemptionBound, LeavesOutNothingWithinOfLongerThreads) {
  for (const MemoryModel model : kMemoryModels) {
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
      const TinyProgram program = random_tiny(seed, {.thread_count_max = 2, .op_count_max = 4});
      for (const std::uint64_t most : {0U, 1U, 2U}) {
        expect_all_within(program, model, most, seed);
      }
      if (HasFailure()) return;
    }
  }
}

TEST(PreemptionBound, IncrementsOneAfterAnother) {
  const TinyProgram program{
      std::vector(3, std::vector(3, tiny::fetch_add(0, 1, MemoryOrder::relaxed))), 1};
  const auto bounded = graphs(program, MemoryModel::rc11, 0);
  EXPECT_GE(bounded.size(), 6U);
  EXPECT_LT(bounded.size(), 400U);
  EXPECT_EQ(std::count_if(bounded.begin(), bounded.end(),
                          [](const auto& graph) { return graph.second == 0; }),
            6);
}

}  // namespace
}  // namespace trama
