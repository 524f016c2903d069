#include "memory/store_history.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/prng.hpp"
#include "memory/testing/brute_force.hpp"
#include "memory/testing/execution.hpp"
#include "memory/testing/random_tiny.hpp"

namespace trama {
namespace {

using enum MemoryOrder;
using testing::EventNumber;
using testing::Execution;
using testing::GraphEvent;
using testing::TinyKind;
using testing::TinyOp;
using testing::TinyProgram;

/// Runs a TinyProgram step by step in random orders, each with a history, as the runtime does.
class Walk {
 public:
  Walk(const TinyProgram& program, MemoryModel model, std::uint64_t seed)
      : program_(program),
        ops_(testing::ops_by_event(program)),
        marks_(StoreHistory::kMarkBytes),
        history_(marks_.data()),
        prng_(seed) {
    history_.set_model(model);
  }

  Execution run(bool recorded = false) {
    history_.learn();
    history_.begin_execution(recorded);
    order_.begin_execution();
    for (SyncVar& published : published_) published.clear();
    execution_ = testing::unexecuted(program_);
    memory_.assign(program_.location_count, 0);
    now_ = 0;
    barriers_.fill(0);
    std::vector<std::size_t> next(program_.threads.size());
    for (unsigned t = 0; t < next.size(); ++t) {
      order_.thread_begin(static_cast<ThreadId>(t + 1), kMainThread);
    }
    for (;;) {
      std::vector<unsigned> ready;
      for (unsigned t = 0; t < next.size(); ++t) {
        if (next[t] < program_.threads[t].size()) ready.push_back(t);
      }
      if (ready.empty()) return execution_;
      const unsigned t = ready[prng_.below(static_cast<std::uint32_t>(ready.size()))];
      step(static_cast<ThreadId>(t + 1), testing::event_of(program_, t, next[t]++));
    }
  }

 private:
  static std::uint64_t address_of(std::uint8_t location) { return 4096 + location * 8U; }

  void step(ThreadId id, EventNumber number) {
    const TinyOp& op = ops_[number];
    HappensBefore::Thread& thread = order_.thread(id);
    GraphEvent& event = execution_.events[number];
    ++now_;
    const std::uint64_t barrier = barriers_[id];
    const bool orders = op.kind != TinyKind::load && op.kind != TinyKind::store;
    const bool is_plain = op.kind == TinyKind::fence ? op.order != seq_cst : !orders;
    if (!is_plain || (op.kind == TinyKind::store && op.order == seq_cst)) barriers_[id] = now_;
    if (op.kind == TinyKind::fence) {
      order_.fence(thread, op.order);
      testing::perform(event, op, 0);
      if (op.order == MemoryOrder::seq_cst)
        history_.fence(id, thread.clock, thread.now() - 1, now_);
      return;
    }
    bool begins = false;
    const Word content{memory_[op.location], 0};
    const bool loads = op.kind == TinyKind::load;
    const bool weaker =
        (loads || op.kind == TinyKind::store) && history_.is_weaker(loads, op.order);
    StoreHistory::Location* at = history_.find(address_of(op.location), 1, weaker, content, begins);
    auto& order = execution_.graph.modification_order[op.location];
    if (at == nullptr) return interleave(thread, number);
    if (begins) {
      history_.newest(*at).published = published_[op.location];
      history_.newest(*at).step = order.back();
    }
    StoreHistory::Access who;
    who.thread = id;
    who.clock = &thread.clock;
    who.step = number;
    who.now = now_;
    who.barrier = barrier;
    who.locked = orders;
    const bool compares = op.kind == TinyKind::compare_exchange;
    who.seq_cst =
        op.order == MemoryOrder::seq_cst || (compares && op.failure_order == MemoryOrder::seq_cst);
    const Word expected{op.expected, 0};
    const bool reads = op.kind != TinyKind::store;
    const auto choices = reads ? history_.readable(*at, who, op.kind != TinyKind::load,
                                                   compares ? &expected : nullptr)
                               : history_.places(*at, who);
    const unsigned chosen = choices[prng_.below(static_cast<std::uint32_t>(choices.size()))];
    StoreHistory::Store& source = history_.store(*at, chosen);
    testing::perform(event, op, static_cast<testing::Value>(source.value.low));
    const SyncVar read = source.published;
    const auto source_number = static_cast<EventNumber>(source.step);
    if (reads) {
      order_.read_from(thread, source.published, event.order);
      history_.note_read(*at, chosen, who);
      execution_.graph.reads_from[number] = source_number;
    }
    if (!event.writes) return;
    const bool newest = chosen + 1U == at->count;
    StoreHistory::Store& made = history_.add(*at, chosen, who, {event.written, 0}, reads);
    if (reads) made.published = read;
    order_.publish(thread, made.published, event.order, reads);
    if (is_release(event.order)) order_.tick(thread);
    if (newest) memory_[op.location] = event.written;
    order.insert(std::find(order.begin(), order.end(), source_number) + 1, number);
  }

  /// As the runtime does without a history: the last store is read, and has the clock.
  void interleave(HappensBefore::Thread& thread, EventNumber number) {
    const TinyOp& op = ops_[number];
    GraphEvent& event = execution_.events[number];
    auto& order = execution_.graph.modification_order[op.location];
    testing::perform(event, op, memory_[op.location]);
    const bool reads = op.kind != TinyKind::store;
    if (reads) {
      order_.read_from(thread, published_[op.location], event.order);
      execution_.graph.reads_from[number] = order.back();
    }
    if (!event.writes) return;
    order_.publish(thread, published_[op.location], event.order, reads);
    if (is_release(event.order)) order_.tick(thread);
    memory_[op.location] = event.written;
    order.push_back(number);
  }

  const TinyProgram& program_;
  const std::vector<TinyOp> ops_;
  std::vector<std::uint8_t> marks_;
  StoreHistory history_;
  HappensBefore order_;
  Prng prng_;
  Execution execution_;
  std::uint64_t now_ = 0;
  std::array<std::uint64_t, 8> barriers_{};  // by thread
  std::vector<testing::Value> memory_;
  std::array<SyncVar, 4> published_;
};

testing::Outcomes walk(const TinyProgram& program, MemoryModel model, std::uint64_t seed,
                       unsigned count) {
  testing::Outcomes found;
  Walk walk(program, model, seed);
  for (unsigned i = 0; i < count; ++i) {
    const Execution execution = walk.run(i % 2 != 0);
    found.final_states.insert(testing::final_state(program, execution));
    found.graphs.insert(execution.graph);
  }
  found.graph_count = found.graphs.size();
  return found;
}

/// Every graph that the model allows is met, and no other.
void expect_all(const TinyProgram& program) {
  for (const MemoryModel model : {MemoryModel::tso, MemoryModel::rc11}) {
    const testing::Outcomes expected =
        enumerate(program, model, testing::BruteForce{.keep_graphs = true});
    const testing::Outcomes found = walk(program, model, 1, 4000);
    EXPECT_EQ(found.graphs, expected.graphs) << to_text(model) << "\n" << to_text(program);
  }
}

using testing::tiny::fence;
using testing::tiny::fetch_add;
using testing::tiny::load;
using testing::tiny::make;
using testing::tiny::store;
constexpr std::uint8_t x = testing::tiny::x;
constexpr std::uint8_t y = testing::tiny::y;

TEST(StoreHistoryTest, StoreBuffering) {
  for (const MemoryOrder order : {relaxed, seq_cst}) {
    expect_all(make({{store(x, 1, order), load(y, order)}, {store(y, 1, order), load(x, order)}}));
    expect_all(make({{store(x, 1, relaxed), fence(seq_cst), load(y, relaxed)},
                     {store(y, 1, order), fence(seq_cst), load(x, order)}}));
  }
  expect_all(make({{store(x, 1, relaxed), fence(seq_cst), load(y, relaxed)},
                   {store(y, 1, relaxed), load(x, relaxed)}}));
}

TEST(StoreHistoryTest, MessagePassing) {
  for (const MemoryOrder out : {relaxed, release}) {
    for (const MemoryOrder in : {relaxed, acquire}) {
      expect_all(make({{store(x, 1, relaxed), store(y, 1, out)}, {load(y, in), load(x, relaxed)}}));
      expect_all(make({{store(x, 1, relaxed), fence(out), store(y, 1, relaxed)},
                       {load(y, relaxed), fence(in), load(x, relaxed)}}));
    }
  }
  // A read-modify-write of another thread carries on what was released.
  expect_all(make({{store(x, 1, relaxed), store(y, 1, release)},
                   {fetch_add(y, 1, relaxed)},
                   {load(y, acquire), load(x, relaxed)}}));
}

TEST(StoreHistoryTest, ModificationOrderIsAChoice) {
  expect_all(make({{store(x, 1, relaxed), store(y, 2, relaxed)},
                   {store(y, 1, relaxed), store(x, 2, relaxed)}}));
  expect_all(make(
      {{store(x, 1, relaxed), load(x, relaxed)}, {fetch_add(x, 2, relaxed), load(x, relaxed)}}));
}

TEST(StoreHistoryTest, CoherenceOfReads) {
  expect_all(make({{store(x, 1, relaxed), store(x, 2, relaxed)},
                   {load(x, relaxed), load(x, relaxed)},
                   {load(x, relaxed), load(x, relaxed)}}));
}

TEST(StoreHistoryTest, IndependentReadsOfIndependentWrites) {
  for (const MemoryOrder order : {acquire, seq_cst}) {
    const MemoryOrder out = order == acquire ? release : seq_cst;
    expect_all(make({{store(x, 1, out)},
                     {store(y, 1, out)},
                     {load(x, order), load(y, order)},
                     {load(y, order), load(x, order)}}));
  }
}

// -- What is not in the axioms -------------------------------------------------------------------

class HistoryTest : public ::testing::Test {
 protected:
  static constexpr std::uint64_t kAt = 4096;

  HistoryTest() : history_(marks_.data()) {
    history_.set_model(MemoryModel::rc11);
    begin();
  }
  void begin(bool recorded = false) {
    history_.learn();
    history_.begin_execution(recorded);
    for (ThreadId t = 0; t < 3; ++t) {
      clocks_[t].clear();
      clocks_[t].set(t, 1);
    }
  }
  StoreHistory::Access by(ThreadId thread, std::uint64_t now_ns = 0) {
    StoreHistory::Access who;
    who.thread = thread;
    who.clock = &clocks_[thread];
    who.now_ns = now_ns;
    return who;
  }
  StoreHistory::Location* find(bool weaker = true, unsigned size = 4, std::uint64_t at = kAt) {
    bool begins = false;
    return history_.find(at, size, weaker, {content_, 0}, begins);
  }
  void store(StoreHistory::Location& at, ThreadId thread, std::uint64_t value,
             std::uint64_t now_ns = 0) {
    history_.add(at, at.count - 1U, by(thread, now_ns), {value, 0}, false);
    content_ = value;
  }

  std::vector<std::uint8_t> marks_ = std::vector<std::uint8_t>(StoreHistory::kMarkBytes);
  StoreHistory history_;
  std::array<VectorClock, 3> clocks_;
  std::uint64_t content_ = 0;
};

TEST_F(HistoryTest, AnOlderStoreIsReadAFewTimesAndNoMore) {
  StoreHistory::Location& at = *find();
  store(at, 1, 7);
  for (unsigned i = 0; i < StoreHistory::kLooksMax; ++i) {
    ASSERT_EQ(history_.readable(at, by(2), false).size(), 2U);
    history_.note_read(at, 0, by(2));
  }
  EXPECT_EQ(history_.readable(at, by(2), false).size(), 1U);
  EXPECT_EQ(history_.readable(at, by(0), false).size(), 2U) << "another thread's looks";
}

TEST_F(HistoryTest, TimeMakesStoresVisible) {
  StoreHistory::Location& at = *find();
  store(at, 1, 7, 100);
  EXPECT_EQ(history_.readable(at, by(2, 100), false).size(), 2U);
  EXPECT_EQ(history_.readable(at, by(2, 101), false).size(), 1U);
}

TEST_F(HistoryTest, IsWatchedFromItsFirstWeakAccessAndThenFromTheBeginning) {
  EXPECT_FALSE(history_.concerns(kAt, false));
  EXPECT_EQ(find(false), nullptr);
  EXPECT_TRUE(history_.concerns(kAt, true));
  ASSERT_NE(find(true), nullptr);
  EXPECT_TRUE(history_.concerns(kAt, false));
  history_.begin_execution(false);
  EXPECT_EQ(find(false), nullptr) << "a repetition meets what the execution met";
  begin();
  EXPECT_NE(find(false), nullptr);
}

TEST_F(HistoryTest, ARecordedExecutionKeepsAllButChoosesNoMore) {
  begin(true);
  StoreHistory::Location& at = *find(false);
  store(at, 1, 7);
  EXPECT_EQ(history_.readable(at, by(2), false).size(), 1U);
  EXPECT_EQ(find(true), &at);
  EXPECT_EQ(history_.readable(at, by(2), false).size(), 1U) << "what came before is forgotten";
  store(at, 1, 8);
  EXPECT_EQ(history_.readable(at, by(2), false).size(), 2U);
}

TEST_F(HistoryTest, MemoryThatWasWrittenToOtherwiseBeginsAnotherLife) {
  StoreHistory::Location& at = *find();
  store(at, 1, 7);
  content_ = 9;
  ASSERT_EQ(find(), &at);
  EXPECT_EQ(at.count, 1);
  EXPECT_EQ(history_.newest(at).value.low, 9U);
}

TEST_F(HistoryTest, FreedMemoryBeginsAnotherLife) {
  for (const std::size_t bytes : {std::size_t{64}, std::size_t{1} << 20U}) {
    StoreHistory::Location& at = *find();
    store(at, 1, 7);
    history_.forget(kAt - 16, bytes);
    ASSERT_EQ(find(), &at);
    EXPECT_EQ(at.count, 1) << bytes;
  }
}

TEST_F(HistoryTest, AnotherSizeEndsTheHistory) {
  StoreHistory::Location& at = *find();
  store(at, 1, 7);
  EXPECT_EQ(find(true, 8), nullptr);
  ASSERT_EQ(history_.ended().size(), 1U);
  EXPECT_EQ(history_.ended()[0].address, kAt);
  EXPECT_EQ(find(), nullptr);
  EXPECT_EQ(find(true, 2, kAt + 2), nullptr);
  EXPECT_NE(find(true, 4, kAt + 4), nullptr) << "its neighbour";
}

TEST_F(HistoryTest, OfManyStoresTheLatestAreKept) {
  StoreHistory::Location& at = *find();
  for (std::uint64_t i = 1; i <= 100; ++i) store(at, 1, i);
  EXPECT_EQ(at.count, StoreHistory::kStoresMax);
  EXPECT_EQ(history_.readable(at, by(2), false).size(), StoreHistory::kStoresMax);
  EXPECT_EQ(history_.store(at, 0).value.low, 101 - StoreHistory::kStoresMax);
}

TEST_F(HistoryTest, MemoryThatIsUsedAgainAndAgainStaysWatched) {
  for (unsigned i = 0; i < 10000; ++i) {
    ASSERT_TRUE(find()->watched) << i;
    history_.forget(kAt, 8);
  }
}

TEST_F(HistoryTest, ManyLocationsAndManyFences) {
  for (unsigned i = 0; i < 1000; ++i) {
    ASSERT_NE(find(true, 4, kAt + 4U * i), nullptr) << i;
  }
  StoreHistory::Location& at = *find();
  store(at, 1, 7);
  history_.fence(1, clocks_[1], 1, 0);
  clocks_[1].set(1, 2);
  store(at, 1, 8);
  for (unsigned i = 0; i < 200; ++i) history_.fence(0, clocks_[0], 1 + i, 0);
  clocks_[2].set(0, 200);
  EXPECT_EQ(history_.readable(at, by(2), false).size(), 2U) << "0 is hidden, 7 and 8 are not";
}

// -- The oracle ----------------------------------------------------------------------------------

#if defined(__SANITIZE_ADDRESS__)
constexpr std::uint64_t kSeedCount = 20;
#else
constexpr std::uint64_t kSeedCount = 200;
#endif

/// No execution that the model forbids, and nearly all that it allows.
void compare_with_axioms(MemoryModel model, unsigned walk_count, unsigned percent) {
  constexpr testing::BruteForce kKeep{.keep_graphs = true};
  std::uint64_t allowed = 0;
  std::uint64_t met = 0;
  std::uint64_t interleaved = 0;
  for (const testing::TinyBounds bounds :
       {testing::TinyBounds{3, 3, 2}, testing::TinyBounds{2, 4, 3}, testing::TinyBounds{4, 2, 2}}) {
    for (std::uint64_t seed = 1; seed <= kSeedCount; ++seed) {
      const TinyProgram program = testing::random_tiny(seed, bounds);
      const testing::Outcomes expected = enumerate(program, model, kKeep);
      const testing::Outcomes found = walk(program, model, seed, walk_count);
      for (const testing::ExecutionGraph& graph : found.graphs) {
        ASSERT_TRUE(expected.graphs.contains(graph)) << to_text(model) << ", seed " << seed << "\n"
                                                     << to_text(program) << "\n"
                                                     << to_text(program, graph);
      }
      if (expected.graph_count > 60) continue;  // too many for so few walks
      allowed += expected.graph_count;
      met += found.graph_count;
      interleaved += enumerate(program, MemoryModel::sc, kKeep).graph_count;
    }
  }
  EXPECT_GT(met * 100, allowed * percent) << met << " of " << allowed;
  EXPECT_LT(interleaved, met) << "weak behaviour is met at all";
}

TEST(StoreHistoryTest, RandomProgramsDoWhatTheAxiomsAllow) {
  compare_with_axioms(MemoryModel::rc11, 1000, 95);
  compare_with_axioms(MemoryModel::tso, 1000, 95);
}

}  // namespace
}  // namespace trama
