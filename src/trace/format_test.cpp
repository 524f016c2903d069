#include "trace/format.hpp"

#include <gtest/gtest.h>

#include "base/prng.hpp"
#include "trace/text.hpp"

namespace trama {
namespace {

/// Traces with every field at random, but consistent.
class RandomTrace {
 public:
  explicit RandomTrace(std::uint64_t seed) : prng_(seed) {}

  Trace make() {
    Trace trace;
    trace.program = text();
    for (unsigned i = below(4); i > 0; --i) trace.arguments.push_back(text());
    trace.build_id = "3fab";
    trace.check = text();
    trace.strategy = "pct";
    trace.model = "sc";
    trace.seed = prng_.next();
    trace.execution = prng_.next();
    trace.visible = text();
    trace.complete = flip();
    for (unsigned i = below(4); i > 0; --i) {
      trace.modules.push_back({text(), prng_.next(), flip() ? "ab" : "", flip()});
    }
    for (unsigned i = below(12); i > 0; --i) trace.places.push_back(place(trace));
    for (unsigned i = below(8); i > 0; --i) {
      TraceStack stack;
      for (unsigned j = trace.places.empty() ? 0 : below(5); j > 0; --j) {
        stack.push_back(below(count(trace.places)));
      }
      trace.stacks.push_back(stack);
    }
    for (unsigned i = 1 + below(4); i > 0; --i) {
      const ThreadId creator = flip() ? kNoThread : static_cast<ThreadId>(below(4));
      trace.threads.push_back({text(), creator, index(trace.stacks)});
    }
    for (unsigned i = below(4); i > 0; --i) {
      const TaskId parent = flip() ? kNoTask : index(trace.tasks);
      trace.tasks.push_back(
          {text(), index(trace.places), thread(trace), parent, index(trace.stacks)});
    }
    trace.objects.emplace_back();
    for (unsigned i = below(5); i > 0; --i) {
      trace.objects.push_back({static_cast<ObjectKind>(below(6)), prng_.next(), text(), text()});
    }
    for (unsigned i = below(30); i > 0; --i) trace.steps.push_back(step(trace));
    for (unsigned i = below(3); i > 0; --i) trace.findings.push_back(finding(trace));
    return trace;
  }

 private:
  std::uint32_t below(std::uint32_t bound) { return prng_.below(bound); }
  bool flip() { return below(2) == 0; }
  template <typename Vector>
  static std::uint32_t count(const Vector& vector) {
    return static_cast<std::uint32_t>(vector.size());
  }
  template <typename Vector>
  std::uint32_t index(const Vector& vector) {
    return vector.empty() || flip() ? kNoIndex : below(count(vector));
  }
  std::string text() {
    static const char* const samples[] = {"",       "a",           "two words", "a|b | c",
                                          "q\"q\\", "line\nend\t", "ação",      "\xff\x01\x7f",
                                          "| #",    "step 1",      "\xe2\x82"};
    return samples[below(11)];
  }
  TracePlace place(const Trace& trace) {
    TracePlace place{index(trace.modules), prng_.next(), {}};
    for (unsigned i = below(3); i > 0; --i) {
      place.frames.push_back({text(), text(), below(100), below(80)});
    }
    return place;
  }
  std::uint32_t source(const Trace& trace) { return flip() ? kInitialValue : index(trace.steps); }
  ThreadId thread(const Trace& trace) {
    return flip() ? kNoThread : static_cast<ThreadId>(below(count(trace.threads)));
  }
  Operation operation() {
    return static_cast<Operation>(below(static_cast<unsigned>(Operation::task_throw) + 1));
  }
  TraceStep step(const Trace& trace) {
    TraceStep step;
    Event& event = step.event;
    event.operation = operation();
    event.order = static_cast<MemoryOrder>(below(6));
    event.outcome = static_cast<Outcome>(below(3));
    event.size = static_cast<std::uint8_t>(below(256));
    event.thread = thread(trace);
    event.other = thread(trace);
    event.object = below(count(trace.objects));
    event.mutex = below(count(trace.objects));
    event.address = flip() ? 0 : prng_.next();
    event.before = flip() ? 0 : prng_.next();
    event.after = flip() ? 0 : prng_.next();
    event.deadline_ns = flip() ? 0 : prng_.next();
    step.place = index(trace.places);
    step.stack = index(trace.stacks);
    step.alternatives = below(5);
    step.time_ns = flip() ? 0 : prng_.next();
    step.text = text();
    step.task = index(trace.tasks);
    step.other_task = index(trace.tasks);
    step.from = source(trace);
    step.behind = source(trace);
    step.newer = index(trace.steps);
    for (unsigned i = below(4); i > 1; --i) step.chosen.push_back(below(9));
    for (unsigned i = trace.steps.empty() ? 0 : below(3); i > 0; --i) {
      step.cures.push_back({below(count(trace.steps)), static_cast<MemoryOrder>(below(6))});
    }
    return step;
  }
  Finding finding(const Trace& trace) {
    Finding finding;
    finding.code = static_cast<FindingCode>(below(14));
    finding.reason = text();
    finding.detail = text();
    finding.thread = thread(trace);
    finding.stack = index(trace.stacks);
    finding.step = index(trace.steps);
    finding.memory = static_cast<MemoryKind>(below(4));
    finding.memory_base = flip() ? 0 : prng_.next();
    finding.memory_size = flip() ? 0 : prng_.next();
    finding.memory_thread = thread(trace);
    finding.memory_stack = index(trace.stacks);
    for (unsigned i = below(3); i > 0; --i) {
      finding.accesses.push_back({thread(trace), operation(), flip(), prng_.next(), below(100),
                                  index(trace.stacks), index(trace.steps),
                                  below(count(trace.objects)), thread(trace), index(trace.tasks),
                                  index(trace.tasks)});
    }
    return finding;
  }

  Prng prng_;
};

std::string written(const Trace& trace) {
  std::string text;
  write_trace(trace, text);
  return text;
}

TEST(TraceFormat, RoundTripKeepsEveryField) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const Trace trace = RandomTrace(seed).make();
    const std::string text = written(trace);
    std::size_t consumed = 0;
    const Result<Trace> read = read_trace(text, &consumed);
    ASSERT_TRUE(read.ok()) << read.error().message << "\n" << text;
    EXPECT_EQ(consumed, text.size());
    EXPECT_EQ(written(read.value()), text);
    const Trace& back = read.value();
    ASSERT_EQ(back.steps.size(), trace.steps.size());
    for (std::size_t i = 0; i < back.steps.size(); ++i) {
      const Event& a = trace.steps[i].event;
      const Event& b = back.steps[i].event;
      EXPECT_EQ(a.operation, b.operation);
      EXPECT_EQ(a.order, b.order);
      EXPECT_EQ(a.outcome, b.outcome);
      EXPECT_EQ(a.size, b.size);
      EXPECT_EQ(a.thread, b.thread);
      EXPECT_EQ(a.other, b.other);
      EXPECT_EQ(a.object, b.object);
      EXPECT_EQ(a.mutex, b.mutex);
      EXPECT_EQ(trace.steps[i].task, back.steps[i].task);
      EXPECT_EQ(trace.steps[i].other_task, back.steps[i].other_task);
      EXPECT_EQ(a.address, b.address);
      EXPECT_EQ(a.before, b.before);
      EXPECT_EQ(a.after, b.after);
      EXPECT_EQ(a.deadline_ns, b.deadline_ns);
      EXPECT_EQ(trace.steps[i].text, back.steps[i].text);
      EXPECT_EQ(trace.steps[i].from, back.steps[i].from);
      EXPECT_EQ(trace.steps[i].behind, back.steps[i].behind);
      EXPECT_EQ(trace.steps[i].newer, back.steps[i].newer);
      EXPECT_EQ(trace.steps[i].chosen, back.steps[i].chosen);
      EXPECT_EQ(trace.steps[i].cures.size(), back.steps[i].cures.size());
      EXPECT_EQ(trace.steps[i].time_ns, back.steps[i].time_ns);
      EXPECT_EQ(trace.steps[i].alternatives, back.steps[i].alternatives);
    }
    for (std::size_t i = 0; i < back.steps.size(); ++i) {
      EXPECT_EQ(trace.steps[i].place, back.steps[i].place);
      EXPECT_EQ(trace.steps[i].stack, back.steps[i].stack);
    }
    EXPECT_EQ(back.check, trace.check);
    EXPECT_EQ(back.arguments, trace.arguments);
    EXPECT_EQ(back.complete, trace.complete);
    ASSERT_EQ(back.findings.size(), trace.findings.size());
    for (std::size_t i = 0; i < back.findings.size(); ++i) {
      EXPECT_EQ(back.findings[i].detail, trace.findings[i].detail);
      EXPECT_EQ(back.findings[i].memory, trace.findings[i].memory);
      EXPECT_EQ(back.findings[i].memory_base, trace.findings[i].memory_base);
      EXPECT_EQ(back.findings[i].memory_size, trace.findings[i].memory_size);
      EXPECT_EQ(back.findings[i].memory_thread, trace.findings[i].memory_thread);
      EXPECT_EQ(back.findings[i].memory_stack, trace.findings[i].memory_stack);
      EXPECT_EQ(back.findings[i].accesses.size(), trace.findings[i].accesses.size());
    }
  }
}

TEST(TraceFormat, NoTwoOperationsAreSpelledAlike) {
#define TRAMA_X(identifier, text) EXPECT_EQ(operation_from(text), Operation::identifier) << (text);
  TRAMA_OPERATIONS(TRAMA_X)
#undef TRAMA_X
}

TEST(TraceFormat, SeveralTracesFollowOneAnother) {
  const std::string one = written(RandomTrace(1).make());
  const std::string two = written(RandomTrace(2).make());
  const std::string both = one + two;
  std::size_t consumed = 0;
  ASSERT_TRUE(read_trace(both, &consumed).ok());
  EXPECT_EQ(consumed, one.size());
  ASSERT_TRUE(read_trace(std::string_view(both).substr(consumed), &consumed).ok());
  EXPECT_EQ(consumed, two.size());
}

TEST(TraceFormat, EveryTruncationIsAnErrorWithItsLine) {
  const std::string text = written(RandomTrace(3).make());
  for (std::size_t length = 0; length < text.size(); ++length) {
    const Result<Trace> read = read_trace(std::string_view(text).substr(0, length));
    ASSERT_FALSE(read.ok()) << length;
    EXPECT_EQ(read.error().message.rfind("line ", 0), 0U) << read.error().message;
  }
}

TEST(TraceFormat, EveryChangedByteIsAnError) {
  const std::string text = written(RandomTrace(4).make());
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(read_trace(changed).ok()) << "byte " << i;
  }
}

TEST(TraceFormat, GarbageNeverCrashes) {
  Prng prng(5);
  for (int round = 0; round < 3000; ++round) {
    std::string text = written(RandomTrace(prng.next()).make());
    // Without the sum, so that the parser sees the damage and not the sum alone.
    text.resize(text.rfind("end "));
    text += "end\n";
    for (unsigned edits = 1 + prng.below(8); edits > 0; --edits) {
      const std::size_t at = prng.below(static_cast<std::uint32_t>(text.size()));
      switch (prng.below(4)) {
        case 0: text[at] = static_cast<char>(prng.below(256)); break;
        case 1: text.erase(at, prng.below(20)); break;
        case 2: text.insert(at, std::to_string(prng.next())); break;
        default:
          text.insert(at, text.substr(prng.below(static_cast<std::uint32_t>(text.size())), 40));
          break;
      }
      if (text.empty()) break;
    }
    const Result<Trace> read = read_trace(text);
    if (read.ok()) written(read.value());  // what is accepted can be walked
  }
}

TEST(TraceFormat, AnEditedFileIsTakenWithoutItsSum) {
  Trace trace = RandomTrace(6).make();
  std::string text = written(trace);
  text.resize(text.rfind("end "));
  EXPECT_TRUE(read_trace(text + "end\n").ok());
  EXPECT_FALSE(read_trace(text + "end sum=0x1\n").ok());
  EXPECT_FALSE(read_trace(text + "end sum\n").ok());
}

TEST(TraceFormat, AStepReadsLikeASentence) {
  Trace trace;
  trace.threads = {{"main", kNoThread, kNoIndex}, {"T1", 0, kNoIndex}};
  trace.objects = {{}, {ObjectKind::mutex, 0x10, "M1", "trava"}};
  trace.places = {{kNoIndex, 0x1234, {{"f()", "/src/banco.cpp", 41, 7}}}};
  TraceStep step;
  step.event.thread = 1;
  step.event.operation = Operation::lock;
  step.event.object = 1;
  step.place = 0;
  trace.steps.push_back(step);
  EXPECT_NE(written(trace).find("step 0 T1 lock trava at banco.cpp:41 | thread=1 object=1 place=0"),
            std::string::npos)
      << written(trace);
}

TEST(TraceFormat, AStepLeavesOutWhatItsStackAndObjectSay) {
  Trace trace;
  trace.threads = {{"main", kNoThread, kNoIndex}};
  trace.objects = {{}, {ObjectKind::memory, 0x10, "X1", ""}};
  trace.places = {{kNoIndex, 0x1, {}}, {kNoIndex, 0x2, {}}};
  trace.stacks = {{1, 0}};
  TraceStep step;
  step.event.thread = 0;
  step.event.operation = Operation::read;
  step.event.object = 1;
  step.event.address = 0x10;
  step.stack = 0;
  step.place = 1;
  trace.steps.push_back(step);
  trace.steps.push_back(step);
  trace.steps.back().place = kNoIndex;  // unusual, so it must be said
  trace.steps.back().event.address = 0;
  const std::string text = written(trace);
  EXPECT_NE(text.find("| thread=0 object=1 stack=0\n"), std::string::npos) << text;
  EXPECT_NE(text.find("| thread=0 object=1 place=? stack=0 address=0x0\n"), std::string::npos)
      << text;
  EXPECT_EQ(written(read_trace(text).value()), text);
}

TEST(TraceFormat, TheNameOfACheckIsThereOnlyWhereThereIsOne) {
  Trace trace;
  EXPECT_EQ(written(trace).find("\ncheck "), std::string::npos);
  trace.check = "adds up";
  EXPECT_NE(written(trace).find("\ncheck \"adds up\"\n"), std::string::npos);
}

TEST(TraceFormat, TasksStandBeforeTheStepsThatNameThem) {
  Trace trace;
  trace.threads.push_back({"main", kNoThread, kNoIndex});
  trace.tasks.push_back({"chef de cuisine", kNoIndex, 0, kNoTask, kNoIndex});
  TraceStep step;
  step.event.operation = Operation::task_await;
  step.event.thread = 0;
  step.text = "queue.get";
  step.task = 0;
  trace.steps.push_back(step);
  const std::string text = written(trace);
  EXPECT_NE(text.find("\ntask 0 \"chef de cuisine\" creator=0\n"), std::string::npos) << text;
  EXPECT_NE(text.find("step 0 main await | thread=0 text=\"queue.get\" task=0\n"),
            std::string::npos)
      << text;
  const Result<Trace> read = read_trace(text);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read.value().tasks[0].name, "chef de cuisine");
  std::string wrong = text.substr(0, text.find("end sum"));
  wrong.replace(wrong.find("task=0"), 6, "task=1");
  EXPECT_FALSE(read_trace(wrong + "end\n").ok());
}

TEST(TraceFormat, SourcesMustBeThere) {
  Trace trace;
  trace.version = kGraphTraceVersion;
  trace.steps.resize(2);
  trace.steps[0].behind = 1;  // a later one
  trace.steps[1].from = 0;
  const std::string text = written(trace);
  ASSERT_TRUE(read_trace(text).ok()) << read_trace(text).error().message;
  const auto rejects = [&](std::string_view old, std::string_view changed) {
    std::string wrong = text.substr(0, text.find("end sum")) + "end\n";
    wrong.replace(wrong.find(old), old.size(), changed);
    EXPECT_FALSE(read_trace(wrong).ok()) << wrong;
  };
  rejects("behind=1", "behind=2");
  rejects("behind=1", "behind=first");
  rejects("from=0", "from=1");
  rejects("from=0", "newer=1");
  rejects("from=0", "cure=acquire@2");
  rejects("from=0", "cure=acquire");
  rejects("from=0", "cure=strong@0");
}

TEST(TraceFormat, AnotherVersionIsRefused) {
  const Result<Trace> read = read_trace("trama-trace 4\nend\n");
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().message,
            "line 1: this trace is of version 4; this trama reads versions 2 and 3");
}

}  // namespace
}  // namespace trama
