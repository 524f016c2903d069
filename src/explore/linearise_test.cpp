// The simplest order of a graph: still an order of that graph, an interleaving where there is one, and
// with no more switches than any other.
#include "explore/linearise.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "explore/testing/tiny_explorer.hpp"
#include "memory/testing/random_tiny.hpp"

namespace trama {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)
using enum MemoryOrder;

std::vector<std::uint32_t> places_of(const trama::ExecutionGraph& graph,
                                     const std::vector<NodeId>& order) {
  std::vector<std::uint32_t> places(graph.size(), kNoNode);
  for (std::uint32_t i = 0; i < order.size(); ++i) places[order[i]] = i;
  return places;
}

bool respects_dependencies(const trama::ExecutionGraph& graph, const std::vector<NodeId>& order) {
  const auto places = places_of(graph, order);
  for (const NodeId id : order) {
    const NodeId before = graph.before_in_thread(id);
    if (before != kNoNode && places[before] > places[id]) return false;
    const NodeId from = graph[id].from;
    if (from < kInitialStore && places[from] > places[id]) return false;
  }
  return true;
}

/// Each load reads the last store before it, and stores come in their modification order.
bool is_interleaving(const trama::ExecutionGraph& graph, const std::vector<NodeId>& order) {
  std::vector<NodeId> last(graph.location_count(), kInitialStore);
  for (const NodeId id : order) {
    const GraphNode& node = graph[id];
    if (is_read(node.kind) && last[node.location] != node.from) return false;
    if (!is_store(node.kind)) continue;
    const std::uint32_t position = graph.position(id);
    if (graph.store_at(node.location, position - 1) != last[node.location]) return false;
    last[node.location] = id;
  }
  return true;
}

unsigned switches_in(const trama::ExecutionGraph& graph, const std::vector<NodeId>& order) {
  unsigned count = 0;
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (graph[order[i]].thread != graph[order[i - 1]].thread) ++count;
  }
  return count;
}

/// The fewest switches of any interleaving that explains the graph; ~0 where none does.
unsigned fewest(const trama::ExecutionGraph& graph, std::vector<NodeId>& order,
                std::vector<std::uint32_t>& cursors) {
  unsigned best = ~0U;
  bool complete = true;
  for (unsigned t = 0; t < graph.thread_count(); ++t) {
    const auto nodes = graph.thread(static_cast<ThreadId>(t));
    if (cursors[t] == nodes.size()) continue;
    complete = false;
    const std::size_t size = order.size();
    const std::uint32_t cursor = cursors[t];
    order.push_back(nodes[cursors[t]++]);
    if (cursors[t] < nodes.size() && graph[nodes[cursors[t]]].kind == NodeKind::rmw_store) {
      order.push_back(nodes[cursors[t]++]);
    }
    if (respects_dependencies(graph, order) && is_interleaving(graph, order)) {
      best = std::min(best, fewest(graph, order, cursors));
    }
    order.resize(size);
    cursors[t] = cursor;
  }
  return complete ? switches_in(graph, order) : best;
}

TEST(Linearise, FindsTheSimplestOrderOfEachGraph) {
  unsigned weak = 0;
  unsigned interleaved = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const TinyProgram program = random_tiny(seed, {.thread_count_max = 3, .op_count_max = 3});
    GraphSearch search(MemoryModel::rc11);
    while (search.begin()) {
      TinyRun(program, search).run();
      search.end(search.forbidden() ? GraphEnd::forbidden : GraphEnd::complete);
      if (search.forbidden()) continue;
      const trama::ExecutionGraph& graph = search.graph();
      const std::vector<NodeId> order = linearise(graph, kNoThread);
      std::size_t nodes = 0;
      for (unsigned t = 0; t < graph.thread_count(); ++t) {
        nodes += graph.thread(static_cast<ThreadId>(t)).size();
      }
      ASSERT_EQ(order.size(), nodes) << "seed " << seed;
      ASSERT_TRUE(respects_dependencies(graph, order)) << "seed " << seed;
      std::vector<NodeId> scratch;
      std::vector<std::uint32_t> cursors(graph.thread_count(), 0);
      const unsigned best = fewest(graph, scratch, cursors);
      ASSERT_EQ(is_interleaving(graph, order), best != ~0U) << "seed " << seed;
      if (best == ~0U) {
        ++weak;
        continue;
      }
      ++interleaved;
      ASSERT_EQ(switches_in(graph, order), best) << "seed " << seed;
    }
  }
  EXPECT_GT(weak, 10U);
  EXPECT_GT(interleaved, 1000U);
}

TEST(Linearise, TheThreadThatEndsTheExecutionComesLast) {
  const TinyProgram program =
      tiny::make({{tiny::store(tiny::x, 1, relaxed)}, {tiny::store(tiny::y, 1, relaxed)}});
  GraphSearch search(MemoryModel::rc11);
  ASSERT_TRUE(search.begin());
  TinyRun(program, search).run();
  for (const ThreadId last : {ThreadId{0}, ThreadId{1}}) {
    const std::vector<NodeId> order = linearise(search.graph(), last);
    EXPECT_EQ(search.graph()[order.back()].thread, last);
  }
}

// The same execution again, in the simplest order: it comes to the same.
TEST(GraphSearch, RepeatsEachExecutionInItsSimplestOrder) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const TinyProgram program = random_tiny(seed, {.thread_count_max = 3, .op_count_max = 3});
    for (std::uint64_t number = 1;; ++number) {
      GraphSearch search(MemoryModel::rc11);
      std::uint64_t begun = 0;
      while (begun < number && search.begin()) {
        ++begun;
        if (begun < number) {
          TinyRun(program, search).run();
          search.end(GraphEnd::complete);
        }
      }
      if (begun < number) break;
      TinyRun run(program, search);
      run.run();
      if (search.forbidden()) continue;
      const FinalState first = run.final_state();
      const testing::ExecutionGraph graph = run.execution_graph();
      search.repeat_simply(kNoThread);
      TinyRun again(program, search);
      again.run();
      ASSERT_EQ(again.final_state(), first) << "seed " << seed << " execution " << number;
      ASSERT_EQ(again.execution_graph(), graph) << "seed " << seed << " execution " << number;
    }
  }
}

}  // namespace
}  // namespace trama
