// Traces of verify, followed by a scheduler: what loads read is as the trace says, whatever the order
// of steps.
#include "explore/trace_guide.hpp"

#include <gtest/gtest.h>

#include <map>

#include "schedule/testing/program.hpp"

namespace trama {
namespace {

constexpr std::uint64_t kX = 64;
constexpr std::uint64_t kY = 72;

std::map<std::uint64_t, std::uint64_t> g_memory;
Word read_memory(std::uint64_t address, unsigned) { return {g_memory[address], 0}; }

Event access(ThreadId thread, Operation operation, std::uint64_t address) {
  Event event;
  event.thread = thread;
  event.operation = operation;
  event.address = address;
  event.order = MemoryOrder::relaxed;
  event.size = 8;
  return event;
}

class TraceGuideTest : public ::testing::Test {
 protected:
  void add(ThreadId thread, Operation operation, std::uint64_t address, std::uint32_t from,
           std::uint32_t behind) {
    TraceStep step;
    step.event = access(thread, operation, address);
    step.from = from;
    step.behind = behind;
    trace.steps.push_back(step);
  }

  /// The next step, which the guide is to give to `thread`.
  Word take(TraceGuide& guide, TraceReplay& replay, ThreadId thread, std::uint64_t value = 0) {
    const Event event =
        access(thread, trace.steps[done].event.operation, trace.steps[done].event.address);
    AtomicAccess what;
    what.address = event.address;
    what.size = event.size;
    what.value.low = value;
    guide.announce(thread, what);
    EXPECT_EQ(scheduler.announce(event), thread);
    const NodeId node = guide.node_of(thread);
    EXPECT_EQ(node, done);
    const Word read = guide.value_read(node);
    if (event.operation == Operation::store && guide.is_latest(node)) {
      g_memory[event.address] = value;
    }
    if (event.operation == Operation::fetch_add) {
      const NodeId store = guide.write(node, {read.low + value, 0});
      if (guide.is_latest(store)) g_memory[event.address] = read.low + value;
    }
    scheduler.step(event);
    EXPECT_TRUE(replay.check(event, {}));
    ++done;
    return read;
  }

  void begin(TraceReplay& replay, TraceGuide& guide) {
    g_memory.clear();
    trace.version = kGraphTraceVersion;
    trace.threads.resize(1);
    replay.begin();
    guide.begin();
    scheduler.set_guide(&guide);
    scheduler.begin(replay, interpreter.schedule, 1000, nullptr);
  }

  Trace trace;
  testing::Interpreter interpreter;
  Scheduler& scheduler = interpreter.scheduler;
  std::uint32_t done = 0;
};

TEST_F(TraceGuideTest, ALoadReadsTheStoreThatTheTraceSays) {
  add(0, Operation::store, kX, kNoIndex, kInitialValue);
  add(0, Operation::store, kX, kNoIndex, 0);
  add(0, Operation::load, kX, 0, kNoIndex);
  add(0, Operation::load, kX, kInitialValue, kNoIndex);
  add(0, Operation::load, kX, 1, kNoIndex);
  TraceReplay replay(trace, false);
  TraceGuide guide(trace, replay, &read_memory);
  begin(replay, guide);
  g_memory[kX] = 7;
  take(guide, replay, 0, 1);
  take(guide, replay, 0, 2);
  EXPECT_EQ(take(guide, replay, 0).low, 1U);
  EXPECT_EQ(take(guide, replay, 0).low, 7U);
  EXPECT_EQ(take(guide, replay, 0).low, 2U);
  EXPECT_FALSE(replay.diverged());
}

TEST_F(TraceGuideTest, MemoryHoldsTheStoreThatIsLastInModificationOrder) {
  add(0, Operation::store, kX, kNoIndex, 1);  // made first, behind the second
  add(0, Operation::store, kX, kNoIndex, kInitialValue);
  TraceReplay replay(trace, false);
  TraceGuide guide(trace, replay, &read_memory);
  begin(replay, guide);
  take(guide, replay, 0, 1);
  take(guide, replay, 0, 2);
  EXPECT_EQ(g_memory[kX], 1U);
  EXPECT_EQ(guide.sources_of(0).behind, 1U);
  EXPECT_EQ(guide.sources_of(1).behind, kInitialStore);
}

TEST_F(TraceGuideTest, AReadModifyWriteReadsAndWrites) {
  add(0, Operation::fetch_add, kY, kInitialValue, kInitialValue);
  add(0, Operation::fetch_add, kY, 0, 0);
  TraceReplay replay(trace, false);
  TraceGuide guide(trace, replay, &read_memory);
  begin(replay, guide);
  EXPECT_EQ(take(guide, replay, 0, 5).low, 0U);
  EXPECT_EQ(take(guide, replay, 0, 5).low, 5U);
  EXPECT_EQ(g_memory[kY], 10U);
}

TEST_F(TraceGuideTest, ChoicesAreThoseOfTheTrace) {
  add(0, Operation::load, kX, kInitialValue, kNoIndex);
  trace.steps[0].chosen = {2, 0, 9};
  TraceReplay replay(trace, false);
  TraceGuide guide(trace, replay, &read_memory);
  begin(replay, guide);
  EXPECT_EQ(guide.choose(0, 3), 2U);
  EXPECT_EQ(guide.choose(0, 3), 0U);
  EXPECT_EQ(guide.choose(0, 3), 0U);  // no value there: a trace edited by hand
  EXPECT_EQ(guide.choose(0, 3), 0U);
}

// What one wait was asked is no answer to the next one's question, which may not have been put.
TEST_F(TraceGuideTest, AChoiceIsForTheStepThatItStandsWith) {
  for (const Operation operation :
       {Operation::wait, Operation::wake, Operation::wait, Operation::wake}) {
    add(0, operation, kX, kNoIndex, kNoIndex);
  }
  trace.steps[0].chosen = {1};
  trace.steps[0].event.after = 1;
  trace.steps[3].chosen = {1};
  trace.threads.resize(1);
  TraceReplay replay(trace, false);
  TraceGuide guide(trace, replay, &read_memory);
  replay.begin();
  guide.begin();
  for (const std::uint32_t answer : {1U, 0U, 0U, 1U}) {
    EXPECT_EQ(guide.choose(0, 2), answer) << done;
    EXPECT_TRUE(replay.check(trace.steps[done++].event, {}));
  }
}

// A wait may be the last step of its thread, and its time come after it all the same.
TEST_F(TraceGuideTest, AChoiceForAStepThatNeverCameStandsWithTheLastOne) {
  add(0, Operation::timed_wait, kX, kNoIndex, kNoIndex);
  trace.steps[0].chosen = {1};
  trace.threads.resize(1);
  TraceReplay replay(trace, false);
  TraceGuide guide(trace, replay, &read_memory);
  replay.begin();
  guide.begin();
  EXPECT_EQ(guide.choose(0, 2), 0U);
  EXPECT_TRUE(replay.check(trace.steps[0].event, {}));
  EXPECT_EQ(guide.choose(0, 2), 1U);
}

// The program does something else: it goes on with memory as it is, and the replay tells of it.
TEST_F(TraceGuideTest, AnotherStepThanTheTracesReadsMemory) {
  add(0, Operation::store, kX, kNoIndex, kInitialValue);
  TraceReplay replay(trace, false);
  TraceGuide guide(trace, replay, &read_memory);
  begin(replay, guide);
  g_memory[kY] = 3;
  const Event load = access(0, Operation::load, kY);
  AtomicAccess what;
  what.address = kY;
  what.size = 8;
  guide.announce(0, what);
  EXPECT_EQ(scheduler.announce(load), 0);
  EXPECT_EQ(guide.value_read(guide.node_of(0)).low, 3U);
  EXPECT_FALSE(replay.check(load, {}));
  EXPECT_TRUE(replay.diverged());
}

// A damaged file may close the chain of stores to a ring.
TEST_F(TraceGuideTest, ARingOfStoresEnds) {
  add(0, Operation::store, kX, kNoIndex, 1);
  add(0, Operation::store, kX, kNoIndex, 0);
  TraceReplay replay(trace, false);
  TraceGuide guide(trace, replay, &read_memory);
  begin(replay, guide);
  take(guide, replay, 0, 1);
  take(guide, replay, 0, 2);
}

}  // namespace
}  // namespace trama
