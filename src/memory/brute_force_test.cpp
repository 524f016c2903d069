// The oracle of execution graphs, held to combinatorics, to machines that know no axiom, and to
// what is known of how the models relate.
#include "memory/testing/brute_force.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "memory/testing/compare.hpp"
#include "memory/testing/operational.hpp"
#include "memory/testing/random_tiny.hpp"

namespace trama::testing {
namespace {

using namespace tiny;
using enum MemoryOrder;

#if defined(__SANITIZE_ADDRESS__)
constexpr std::uint64_t kShare = 10;  // of the random programs, one in so many
#else
constexpr std::uint64_t kShare = 1;
#endif

constexpr BruteForce kKeep = {.keep_graphs = true};

std::uint64_t graphs_of(const TinyProgram& program, MemoryModel model) {
  return enumerate(program, model).graph_count;
}

TEST(BruteForce, IncrementsHaveAsManyGraphsAsOrders) {
  struct Case {
    unsigned thread_count, op_count;
    std::uint64_t graph_count;
  };
  for (const Case& c :
       {Case{2, 1, 2}, Case{2, 2, 6}, Case{2, 3, 20}, Case{3, 1, 6}, Case{3, 2, 90}}) {
    for (const MemoryModel model : kMemoryModels) {
      for (const MemoryOrder order : kAllOrders) {
        const std::vector<TinyOp> thread(c.op_count, fetch_add(x, 1, order));
        const TinyProgram program = make(std::vector<std::vector<TinyOp>>(c.thread_count, thread));
        const Outcomes all = enumerate(program, model);
        EXPECT_EQ(all.graph_count, c.graph_count) << to_text(program);
        for (const FinalState& state : all.final_states) {
          EXPECT_EQ(state.memory[0], c.thread_count * c.op_count) << to_text(program);
        }
      }
    }
  }
}

TEST(BruteForce, KnownNumbersOfGraphs) {
  const TinyProgram two_plus_two_w = make(
      {{store(x, 1, relaxed), store(y, 2, relaxed)}, {store(y, 1, relaxed), store(x, 2, relaxed)}});
  EXPECT_EQ(graphs_of(two_plus_two_w, MemoryModel::sc), 3U);
  EXPECT_EQ(graphs_of(two_plus_two_w, MemoryModel::tso), 3U);
  EXPECT_EQ(graphs_of(two_plus_two_w, MemoryModel::rc11), 4U);

  const TinyProgram sb =
      make({{store(x, 1, relaxed), load(y, relaxed)}, {store(y, 1, relaxed), load(x, relaxed)}});
  EXPECT_EQ(graphs_of(sb, MemoryModel::sc), 3U);
  EXPECT_EQ(graphs_of(sb, MemoryModel::tso), 4U);
  EXPECT_EQ(graphs_of(sb, MemoryModel::rc11), 4U);

  const TinyProgram lb =
      make({{load(x, relaxed), store(y, 1, relaxed)}, {load(y, relaxed), store(x, 1, relaxed)}});
  for (const MemoryModel model : kMemoryModels) EXPECT_EQ(graphs_of(lb, model), 3U);
}

TEST(BruteForce, OneThreadHasOneGraph) {
  const TinyProgram program =
      make({{store(x, 1, relaxed), load(x, relaxed), compare_exchange(x, 1, 2, relaxed, relaxed),
             compare_exchange(x, 1, 3, relaxed, relaxed), exchange(x, 4, relaxed),
             fetch_add(x, 255, relaxed), load(x, relaxed), load(y, relaxed)}});
  for (const MemoryModel model : kMemoryModels) {
    const Outcomes all = enumerate(program, model, kKeep);
    EXPECT_EQ(all.final_states, (std::set<FinalState>{{{{1, 1, 2, 2, 4, 3, 0}}, {3, 0}}}));
    // The fourth event behind the initial stores failed: nobody reads from it.
    EXPECT_EQ(all.graphs,
              (std::set<ExecutionGraph>{
                  {{kNoEvent, kNoEvent, kNoEvent, 2, 2, 4, 4, 6, 7, 1}, {{0, 2, 4, 6, 7}, {1}}}}));
  }
}

TEST(BruteForce, CompareExchangeSucceedsForOneOfTwo) {
  const TinyOp take = compare_exchange(x, 0, 1, acq_rel, acquire);
  for (const MemoryModel model : kMemoryModels) {
    const Outcomes all = enumerate(make({{take}, {take}}), model);
    EXPECT_EQ(all.graph_count, 2U);
    EXPECT_EQ(all.final_states, (std::set<FinalState>{{{{0}, {1}}, {1}}, {{{1}, {0}}, {1}}}));
  }
}

TEST(BruteForce, AnExplorerThatIsWrongIsTold) {
  const TinyProgram sb =
      make({{store(x, 1, relaxed), load(y, relaxed)}, {store(y, 1, relaxed), load(x, relaxed)}});
  const Outcomes sc = enumerate(sb, MemoryModel::sc, kKeep);
  const Outcomes tso = enumerate(sb, MemoryModel::tso, kKeep);
  EXPECT_EQ(compare(sb, MemoryModel::sc, sc, sc), "");
  EXPECT_NE(
      compare(sb, MemoryModel::tso, tso, sc).find("missing final state: read [0] [0], memory 1 1"),
      std::string::npos);
  EXPECT_NE(compare(sb, MemoryModel::sc, sc, tso).find("impossible final state: read [0] [0]"),
            std::string::npos);
  Outcomes fewer = tso;
  --fewer.graph_count;
  EXPECT_NE(compare(sb, MemoryModel::tso, tso, fewer).find("4 graphs expected, 3 found"),
            std::string::npos);
  Outcomes other = tso;
  other.graphs.erase(other.graphs.begin());
  EXPECT_NE(compare(sb, MemoryModel::tso, tso, other).find("missing graph: reads-from init1→0.1"),
            std::string::npos);
}

/// Calls `check` for random programs of several shapes.
template <typename Check>
void for_random_programs(std::uint64_t count, Check check) {
  for (std::uint64_t seed = 0; seed < count / kShare; ++seed) {
    check(random_tiny(seed, {.thread_count_max = 3, .op_count_max = 3, .location_count_max = 2}));
    check(random_tiny(seed, {.thread_count_max = 2, .op_count_max = 4, .location_count_max = 3}));
    check(random_tiny(seed, {.thread_count_max = 4, .op_count_max = 2, .location_count_max = 2}));
    if (::testing::Test::HasFailure()) return;  // one is enough to read
  }
}

TEST(BruteForce, AxiomsAgreeWithInterleavings) {
  for_random_programs(300, [](const TinyProgram& program) {
    EXPECT_EQ(compare(program, MemoryModel::sc, run_every_way(program, MemoryModel::sc),
                      enumerate(program, MemoryModel::sc, kKeep)),
              "");
  });
}

TEST(BruteForce, AxiomsAgreeWithStoreBuffers) {
  for_random_programs(300, [](const TinyProgram& program) {
    const Outcomes expected = run_every_way(program, MemoryModel::tso);
    EXPECT_EQ(
        compare(program, MemoryModel::tso, expected, enumerate(program, MemoryModel::tso, kKeep)),
        "");
  });
}

TEST(BruteForce, PruningLosesNothing) {
  for (std::uint64_t seed = 0; seed < 300 / kShare; ++seed) {
    const TinyProgram program =
        random_tiny(seed, {.thread_count_max = 3, .op_count_max = 2, .location_count_max = 2});
    for (const MemoryModel model : kMemoryModels) {
      EXPECT_EQ(
          compare(program, model, enumerate(program, model, {.keep_graphs = true, .prune = false}),
                  enumerate(program, model, kKeep)),
          "");
    }
  }
}

/// What one model allows, the weaker ones allow. That of tso and rc11 is the soundness of the
/// mapping to x86 (Lahav et al., PLDI 2017, section 4).
TEST(BruteForce, WeakerModelsAllowMore) {
  std::uint64_t buffered_count = 0;  // programs with a graph that only this model allows …
  std::uint64_t weak_count = 0;      // … or only this one
  std::uint64_t count = 0;
  for_random_programs(300, [&](const TinyProgram& program) {
    const Outcomes sc = enumerate(program, MemoryModel::sc, kKeep);
    const Outcomes tso = enumerate(program, MemoryModel::tso, kKeep);
    const Outcomes rc11 = enumerate(program, MemoryModel::rc11, kKeep);
    EXPECT_TRUE(
        std::includes(tso.graphs.begin(), tso.graphs.end(), sc.graphs.begin(), sc.graphs.end()))
        << to_text(program);
    EXPECT_TRUE(
        std::includes(rc11.graphs.begin(), rc11.graphs.end(), tso.graphs.begin(), tso.graphs.end()))
        << to_text(program);
    EXPECT_EQ(sc.graph_count, sc.graphs.size());
    EXPECT_EQ(rc11.graph_count, rc11.graphs.size());
    ++count;
    if (tso.graph_count > sc.graph_count) ++buffered_count;
    if (rc11.graph_count > tso.graph_count) ++weak_count;
  });
  EXPECT_GT(buffered_count * 20, count);
  EXPECT_GT(weak_count * 10, count);
}

TEST(BruteForce, ProgramsOfSeqCstOperationsAreSequentiallyConsistent) {
  for_random_programs(300, [](TinyProgram program) {
    for (auto& thread : program.threads) {
      for (TinyOp& op : thread) {
        op.order = seq_cst;
        op.failure_order = seq_cst;
      }
    }
    const Outcomes sc = enumerate(program, MemoryModel::sc, kKeep);
    EXPECT_EQ(compare(program, MemoryModel::tso, sc, enumerate(program, MemoryModel::tso, kKeep)),
              "");
    EXPECT_EQ(compare(program, MemoryModel::rc11, sc, enumerate(program, MemoryModel::rc11, kKeep)),
              "");
  });
}

/// Lahav et al., theorem 7: seq_cst fences between all accesses restore sequential consistency.
TEST(BruteForce, FencesRestoreSequentialConsistency) {
  for_random_programs(100, [](const TinyProgram& program) {
    TinyProgram fenced = program;
    for (auto& thread : fenced.threads) {
      std::vector<TinyOp> ops;
      for (TinyOp op : thread) {
        if (op.kind == TinyKind::fence) continue;
        op.order = relaxed;
        op.failure_order = relaxed;
        if (!ops.empty()) ops.push_back(fence(seq_cst));
        ops.push_back(op);
      }
      thread = ops;
    }
    const Outcomes sc = enumerate(fenced, MemoryModel::sc, kKeep);
    EXPECT_EQ(compare(fenced, MemoryModel::tso, sc, enumerate(fenced, MemoryModel::tso, kKeep)),
              "");
    EXPECT_EQ(compare(fenced, MemoryModel::rc11, sc, enumerate(fenced, MemoryModel::rc11, kKeep)),
              "");
  });
}

TEST(BruteForce, AllProgramsOfTwoThreadsOfTwoOperations) {
  std::uint64_t count = 0;
  const AllTinyPrograms all(all_tiny_ops(2, 1), 2, 2);
  all.sample(all.count() / (2000 / kShare), 7, [&](const TinyProgram& program) {
    ++count;
    for (const MemoryModel model : {MemoryModel::sc, MemoryModel::tso}) {
      EXPECT_EQ(
          compare(program, model, run_every_way(program, model), enumerate(program, model, kKeep)),
          "");
    }
  });
  EXPECT_GE(count, 2000 / kShare);
}

TEST(RandomTiny, SamplesOfEveryProgramAreAllOfThem) {
  const AllTinyPrograms all({load(x, relaxed), store(x, 1, relaxed), store(y, 1, release)}, 2, 2);
  EXPECT_EQ(all.count(), 81U);
  std::set<TinyProgram> seen;
  all.sample(1, 1, [&](const TinyProgram& program) { seen.insert(program); });
  EXPECT_EQ(seen.size(), 81U);
  seen.clear();
  all.sample(10, 1, [&](const TinyProgram& program) { seen.insert(program); });
  EXPECT_GE(seen.size(), 8U);
  EXPECT_LE(seen.size(), 9U);
}

TEST(RandomTiny, TheSameSeedIsTheSameProgram) {
  std::set<TinyProgram> seen;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    EXPECT_EQ(random_tiny(seed, {}), random_tiny(seed, {}));
    seen.insert(random_tiny(seed, {}));
  }
  EXPECT_GT(seen.size(), 90U);
}

TEST(MemoryModel, TextsAreReadBack) {
  for (const MemoryModel model : kMemoryModels) {
    EXPECT_EQ(memory_model_from_text(to_text(model)), model);
  }
  EXPECT_EQ(memory_model_from_text("SC"), std::nullopt);
  EXPECT_EQ(memory_model_from_text(""), std::nullopt);
}

}  // namespace
}  // namespace trama::testing
