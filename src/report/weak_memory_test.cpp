#include "report/weak_memory.hpp"

#include <gtest/gtest.h>

#include "report/graph_text.hpp"

namespace trama {
namespace {

TraceStep access(ThreadId thread, Operation operation, ObjectId object, std::uint64_t before,
                 std::uint64_t after) {
  TraceStep step;
  step.event.thread = thread;
  step.event.operation = operation;
  step.event.object = object;
  step.event.address = object * 8;
  step.event.size = 4;
  step.event.before = before;
  step.event.after = after;
  return step;
}

/// Message passing without order: T2 sees the flag and not the message.
Trace message_passing() {
  Trace trace;
  trace.version = kGraphTraceVersion;
  trace.threads.resize(3);
  trace.threads[1].name = "T1";
  trace.threads[2].name = "T2";
  trace.objects.resize(3);
  trace.objects[1].symbol = "message";
  trace.objects[1].address = 8;
  trace.objects[2].symbol = "ready";
  trace.objects[2].address = 16;
  trace.steps = {access(1, Operation::store, 1, 0, 5), access(1, Operation::store, 2, 0, 1),
                 access(2, Operation::load, 2, 1, 0), access(2, Operation::load, 1, 0, 0)};
  trace.steps[0].behind = kInitialValue;
  trace.steps[1].behind = kInitialValue;
  trace.steps[2].from = 1;
  trace.steps[3].from = kInitialValue;
  trace.steps[3].newer = 0;
  trace.steps[3].cures = {{1, MemoryOrder::release}, {2, MemoryOrder::acquire}};
  return trace;
}

void expect_all(const std::string& text, std::initializer_list<const char*> words) {
  for (const char* word : words)
    EXPECT_NE(text.find(word), std::string::npos) << word << "\n" << text;
}

TEST(WeakMemory, SaysWhatWasReadAndWhatWouldForbidIt) {
  const std::vector<std::string> texts = weak_memory_texts(message_passing(), Language::en, false);
  ASSERT_EQ(texts.size(), 1U);
  expect_all(texts[0], {"T2's load of message (step 3)", "older value 0",
                        "T1's store of 5 (step 0)", "no order goes through ready",
                        "release on T1's store to ready", "and acquire on T2's load of ready"});
}

TEST(WeakMemory, InPortugueseToo) {
  const std::vector<std::string> texts = weak_memory_texts(message_passing(), Language::pt, false);
  ASSERT_EQ(texts.size(), 1U);
  expect_all(texts[0],
             {"T2, ao ler message (passo 3)", "valor antigo 0", "T1 já tenha guardado 5 (passo 0)",
              "release no store de T1 em ready", "e acquire no load de T2 em ready"});
}

TEST(WeakMemory, NothingOfAnInterleaving) {
  Trace trace = message_passing();
  trace.steps[3].newer = kNoIndex;
  EXPECT_TRUE(weak_memory_texts(trace, Language::en, true).empty());
}

TEST(GraphText, ShowsWhoReadsWhom) {
  const std::string text = graph_text(message_passing(), Language::en);
  expect_all(text, {"loads message: 0 (old)", "reads from initial", "reads from T1:1",
                    "message: initial → T1:0 (5)"});
}

TEST(GraphText, HasAllEdgesForGraphviz) {
  const std::string text = graph_dot(message_passing(), Language::en);
  expect_all(text, {"s1 -> s2 [label=\"rf\"", "i0 -> s3 [label=\"rf\"", "i1 -> s1 [label=\"mo\"",
                    "s0 -> s1;"});
}

// Of other traces a load reads the store that comes last before it.
TEST(GraphText, TracesOfAHuntAreInterleavings) {
  Trace trace = message_passing();
  trace.version = kTraceVersion;
  const std::string text = graph_dot(trace, Language::en);
  expect_all(text, {"s1 -> s2 [label=\"rf\"", "s0 -> s3 [label=\"rf\""});
}

}  // namespace
}  // namespace trama
