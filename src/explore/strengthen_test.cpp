#include "explore/strengthen.hpp"

#include <gtest/gtest.h>

#include <string>

#include "explore/testing/tiny_explorer.hpp"

namespace trama {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)
using namespace tiny;     // NOLINT(google-build-using-namespace)
using enum MemoryOrder;

/// What would forbid that the last read of `thread` finds `value` where the others found `reads`:
/// "0.1 release" for the second access of the first thread.
std::string cures(const TinyProgram& program, MemoryModel model,
                  const std::vector<std::vector<Value>>& reads, ThreadId thread) {
  GraphSearch search(model);
  while (search.begin()) {
    TinyRun run(program, search);
    run.run();
    search.end(GraphEnd::complete);
    if (run.final_state().read != reads) continue;
    const trama::ExecutionGraph& graph = search.graph();
    std::string text;
    for (const Strengthening& one : find_strengthening(graph, model, graph.last_of(thread))) {
      if (!text.empty()) text += ", ";
      text += std::to_string(graph[one.node].thread) + "." + std::to_string(graph[one.node].index) +
              " " + to_text(one.order);
    }
    return text;
  }
  return "the model forbids it as it is";
}

TEST(Strengthen, AMessageIsReleasedAndAcquired) {
  const TinyProgram program =
      make({{store(x, 1, relaxed), store(y, 1, relaxed)}, {load(y, relaxed), load(x, relaxed)}});
  EXPECT_EQ(cures(program, MemoryModel::rc11, {{}, {1, 0}}, 1), "0.1 release, 1.0 acquire");
}

TEST(Strengthen, WhatIsThereAlreadyIsNotAskedFor) {
  const TinyProgram program =
      make({{store(x, 1, relaxed), store(y, 1, release)}, {load(y, relaxed), load(x, relaxed)}});
  EXPECT_EQ(cures(program, MemoryModel::rc11, {{}, {1, 0}}, 1), "1.0 acquire");
}

TEST(Strengthen, StoreBufferingNeedsSeqCstEverywhere) {
  const TinyProgram program =
      make({{store(x, 1, release), load(y, acquire)}, {store(y, 1, release), load(x, acquire)}});
  const std::string all = cures(program, MemoryModel::rc11, {{0}, {0}}, 1);
  for (const char* one : {"0.0 seq_cst", "0.1 seq_cst", "1.0 seq_cst", "1.1 seq_cst"}) {
    EXPECT_NE(all.find(one), std::string::npos) << all;
  }
}

TEST(Strengthen, OnX86TheStoresAreEnough) {
  const TinyProgram program =
      make({{store(x, 1, relaxed), load(y, relaxed)}, {store(y, 1, relaxed), load(x, relaxed)}});
  const std::string stores = cures(program, MemoryModel::tso, {{0}, {0}}, 1);
  EXPECT_NE(stores.find("0.0 seq_cst"), std::string::npos) << stores;
  EXPECT_NE(stores.find("1.0 seq_cst"), std::string::npos) << stores;
  EXPECT_EQ(stores.find(".1 seq_cst"), std::string::npos) << stores;
}

// Coherence alone lets two threads without any message between them read in different order; an
// older store that nothing stands behind is no matter of orders.
TEST(Strengthen, SaysNothingWhereNoOrderWouldHelp) {
  const TinyProgram program = make({{store(x, 1, relaxed)}, {load(x, relaxed)}});
  EXPECT_EQ(cures(program, MemoryModel::rc11, {{}, {0}}, 1), "");
}

}  // namespace
}  // namespace trama
