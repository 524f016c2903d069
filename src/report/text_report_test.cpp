#include "report/text_report.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <sstream>

#include "event/io_fault.hpp"
#include "report/sample_trace.hpp"
#include "report/text_width.hpp"

namespace trama {
namespace {

using testing::deadlock_trace;
using testing::exit_trace;
using testing::heap_race_trace;
using testing::lost_update_trace;
using testing::race_trace;

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

Summary hunt_summary() {
  Summary summary;
  summary.command = "hunt";
  summary.program = "build/aulas/banco_inseguro";
  summary.verdict = Verdict::finding;
  summary.strategy = "portfolio";
  summary.seed = 7;
  summary.executions = 204;
  return summary;
}

void expect_fits(const std::string& text, const TextStyle& style) {
  const auto lines = lines_of(text);
  EXPECT_LE(lines.size(), 25U) << text;
  for (const std::string& line : lines) EXPECT_LE(display_width(line), style.width) << line;
}

TEST(TextReport, FitsTheScreenWhateverTheTrace) {
  for (const Language language : {Language::en, Language::pt}) {
    for (const std::size_t width : {60U, 80U, 100U}) {
      for (const unsigned threads : {3U, 4U, 9U, 40U}) {
        for (const unsigned padding : {0U, 3U, 500U}) {
          TextStyle style{.language = language, .width = width};
          const Trace trace = race_trace(threads, padding);
          expect_fits(text_report(hunt_summary(), {{trace, "trama-out/x.trama"}}, style), style);
          expect_fits(text_show(trace, "trama-out/x.trama", style), style);
        }
      }
    }
  }
}

TEST(TextReport, RaceSaysWhoWhereWhatAndWhy) {
  const TextStyle style;
  const std::string text =
      text_report(hunt_summary(), {{race_trace(), "trama-out/banco_inseguro-race-7.trama"}}, style);
  for (const char* part :
       {"RACE", "contas[1].saldo", "T1", "T2", "banco.cpp:41", "banco.cpp:42", "5000 → 4990",
        "transferir banco.cpp:41 ← trabalhar banco.cpp:90", "Why: ", "execution 3 of 204", "…"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  EXPECT_EQ(text.find("std_mutex.h"), std::string::npos) << "library frames are folded";
  EXPECT_EQ(lines_of(text).back(), "Replay: trama replay trama-out/banco_inseguro-race-7.trama");
}

TEST(TextReport, SeveralFindingsShareTheScreen) {
  const TextStyle style;
  std::vector<ReportedTrace> traces{{race_trace(), "trama-out/a-race-7.trama"},
                                    {exit_trace(), "trama-out/a-exit-7.trama"}};
  const std::string text = text_report(hunt_summary(), traces, style);
  expect_fits(text, style);
  EXPECT_NE(text.find("Also EXIT"), std::string::npos);
  EXPECT_NE(text.find("trama replay trama-out/a-exit-7.trama"), std::string::npos);
  for (int i = 0; i < 20; ++i) traces.push_back(traces.back());
  expect_fits(text_report(hunt_summary(), traces, style), style);
}

TEST(TextReport, DeadlockNamesTheCircle) {
  const TextStyle style{.language = Language::pt};
  const std::string text = text_report(hunt_summary(), {{deadlock_trace(), ""}}, style);
  EXPECT_NE(text.find("T1 espera b, que T2 segura"), std::string::npos) << text;
  EXPECT_NE(text.find("T2 espera a, que T1 segura"), std::string::npos) << text;
}

TEST(TextReport, TasksHaveColumnsAndSayWhatTheyAwait) {
  const Trace trace = testing::tasks_trace();
  const TextStyle style;
  const std::string text = text_show(trace, "x.trama", style);
  expect_fits(text, style);
  const std::string head = lines_of(text)[3];
  EXPECT_NE(head.find("main"), std::string::npos) << text;
  EXPECT_LT(head.find("main"), head.find("kitchen")) << text;
  EXPECT_LT(head.find("kitchen"), head.find("serve")) << text;
  for (const char* words :
       {"creates kitchen", "awaits queue.get", "locks shelf", "main waits in its loop",
        "task kitchen awaits queue.get  transferir banco.cpp:31", "task serve awaits",
        "task 3 has not begun", "the tasks await what no task"}) {
    EXPECT_NE(text.find(words), std::string::npos) << words << "\n" << text;
  }
  // What a thread does for a task stands in the task's column.
  for (const std::string& line : lines_of(text)) {
    const std::size_t at = line.find("locks shelf");
    if (at == std::string::npos) continue;
    EXPECT_GE(at, head.find("kitchen")) << text;
  }
  const std::string pt = text_show(trace, "x.trama", {.language = Language::pt});
  EXPECT_NE(pt.find("tarefa kitchen aguarda queue.get"), std::string::npos) << pt;
}

TEST(TextReport, WhereNobodyTellsOfTasksTheCoroutineOnTheStackNamesTheStep) {
  Trace trace = deadlock_trace();
  const std::uint32_t place = trace.stacks[trace.steps[0].stack][1];
  trace.places[place].frames[0].function = "shop::serve(int) [coroutine]";
  const std::string text = text_show(trace, "x.trama", {.full = true});
  EXPECT_NE(text.find("shop::serve: locks a"), std::string::npos) << text;
  EXPECT_EQ(text.find("[coroutine]"), std::string::npos) << text;
}

TEST(TextReport, AFaultThatWasInjectedSaysSoAndIsNeverFoldedAway) {
  Trace trace = race_trace(4, 500);
  // Of a thread that the race is not about, long before it.
  const auto befall = [&](std::uint32_t step, Operation operation, std::uint64_t before,
                          std::int64_t result) {
    Event& event = trace.steps[step].event;
    event.thread = 3;
    event.operation = operation;
    event.size = 0;
    event.before = before;
    event.after = static_cast<std::uint64_t>(result);
    event.outcome = result < 0 ? Outcome::failed : Outcome::ok;
  };
  befall(40, Operation::fd_read, fault_word(IoFault::short_count, 10), 5);
  befall(60, Operation::fd_accept, fault_word(IoFault::interrupted), -EINTR);
  befall(80, Operation::fd_write, 0, -EAGAIN);
  for (const Language language : {Language::en, Language::pt}) {
    const TextStyle style{.language = language, .width = 140};
    const std::string text = text_report(hunt_summary(), {{trace, "x.trama"}}, style);
    const bool pt = language == Language::pt;
    for (const char* words : {pt ? "5 de 10 bytes (provocado)" : "5 of 10 bytes (injected)",
                              pt ? "EINTR (provocado)" : "EINTR (injected)"}) {
      EXPECT_NE(text.find(words), std::string::npos) << text;
    }
    EXPECT_EQ(text.find("EAGAIN"), std::string::npos) << text;
    expect_fits(text_report(hunt_summary(), {{trace, "x.trama"}}, {.language = language}),
                {.language = language});
  }
}

TEST(TextReport, WhatACallPutIntoMemoryIsShownWithoutAnOldValue) {
  Trace trace = race_trace();
  Event& event = trace.steps[trace.steps.size() - 3].event;
  event.operation = Operation::write;
  event.object = trace.steps.back().event.object;
  event.address = trace.steps.back().event.address;
  event.before = event.after = 4990;  // as it is found after recv
  const std::string text = text_report(hunt_summary(), {{trace, "x.trama"}}, {.width = 120});
  EXPECT_NE(text.find("writes contas[1].saldo: 4990"), std::string::npos) << text;
  EXPECT_EQ(text.find("4990 → 4990"), std::string::npos) << text;
}

TEST(TextReport, ATaskCalledLikeAThreadIsToldApart) {
  Trace trace = testing::tasks_trace();
  trace.tasks[0].name = "main";
  const std::string text = text_show(trace, "x.trama", {});
  EXPECT_NE(lines_of(text)[3].find("task main"), std::string::npos) << text;
}

TEST(TextReport, UnnamedMemoryIsNamedByItsBlock) {
  const std::string text = text_report(hunt_summary(), {{heap_race_trace(), "x"}}, TextStyle{});
  for (const char* part :
       {"block+12: heap block of 48 bytes, allocated by main at banco.cpp:20 (byte 12)",
        "reads block+12: 5000", "writes block+12: 5000 → 4990", "T1 reads block+12 (4 bytes)"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  const TextStyle pt{.language = Language::pt};
  const std::string in_pt = text_report(hunt_summary(), {{heap_race_trace(), "x"}}, pt);
  EXPECT_NE(in_pt.find("bloco+12: bloco de 48 bytes no heap, alocado por main em banco.cpp:20"),
            std::string::npos)
      << in_pt;
}

TEST(TextReport, AUseAfterFreeNamesAllThreePlaces) {
  const Trace trace = testing::use_after_free_trace();
  const std::string text = text_report(hunt_summary(), {{trace, "x"}}, TextStyle{});
  expect_fits(text, TextStyle{});
  for (const char* part :
       {"block+12: heap block of 48 bytes, allocated by main at banco.cpp:20 (byte 12)",
        "T1 frees block+0 (48 bytes)  transferir banco.cpp:41",
        "T2 reads block+12 (4 bytes)  transferir banco.cpp:42"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  Trace twice = trace;
  twice.findings.front().reason = "double-free";
  EXPECT_NE(text_report(hunt_summary(), {{twice, "x"}}, TextStyle{}).find("freed twice"),
            std::string::npos);
}

TEST(TextReport, ALeakNamesWhereItsMemoryComesFrom) {
  Trace trace = testing::exit_trace();
  Finding& finding = trace.findings.front();
  finding.code = FindingCode::leak;
  finding.reason = "memory-leak";
  finding.detail = "3";
  FindingAccess allocation;
  allocation.thread = 1;
  allocation.operation = Operation::allocate;
  allocation.address = 0x2000;
  allocation.size = 120;
  allocation.stack = 0;  // banco.cpp:77
  finding.accesses.push_back(allocation);
  const std::string text = text_report(hunt_summary(), {{trace, "x"}}, TextStyle{});
  for (const char* part : {"(blocks: 3)", "T1 allocates 120 bytes  transferir banco.cpp:77"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  EXPECT_EQ(text.find("0x2000"), std::string::npos) << "an address is of no use\n" << text;
}

TEST(TextReport, AWrongEndShowsWhereThreadsMetAndNotAllThatWasPrinted) {
  testing::TraceBuilder builder(3);
  const ObjectId own = builder.object(ObjectKind::mutex, 0x1000, "own");
  const ObjectId shared = builder.object(ObjectKind::mutex, 0x2000, "shared");
  const auto print = [&](const char* text) {
    builder.trace().steps[builder.step(0, Operation::output, kNoObject, 60)].text = text;
  };
  for (int i = 0; i < 40; ++i) print("[       OK ]");
  for (const ThreadId thread : {ThreadId{1}, ThreadId{2}}) {
    builder.step(thread, Operation::lock, shared, 41);
    builder.step(thread, Operation::unlock, shared, 43);
  }
  for (int i = 0; i < 40; ++i) {
    builder.step(0, Operation::lock, own, 50);
    if (i == 20) print("bank.cpp:9: Failure");
    print("[ RUN      ]");
    print("\n");
    builder.step(0, Operation::unlock, own, 50);
  }
  print("1 test failed");
  const std::uint32_t end = builder.step(0, Operation::exit, kNoObject, 99, 0, 1);
  for (int i = 0; i < 9; ++i) builder.step(0, Operation::lock, own, 70);
  Finding finding = testing::finding_of(FindingCode::exit_status, "exit-status", "1");
  finding.thread = 0;
  finding.step = end;
  builder.trace().findings.push_back(finding);
  const std::string text = text_report(hunt_summary(), {{builder.trace(), "x"}}, TextStyle{});
  expect_fits(text, TextStyle{});
  for (const char* part : {"locks shared", "unlocks shared", "bank.cpp:9: Failure", "1 test failed",
                           "the process ends: 1"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  EXPECT_EQ(text.find("banco.cpp:70"), std::string::npos) << "behind the end\n" << text;
}

TEST(TextReport, ALocalIsNamedByItsThread) {
  Trace trace = heap_race_trace();
  Finding& finding = trace.findings.front();
  finding.memory = MemoryKind::stack;
  finding.memory_base = finding.memory_size = 0;
  const std::string text = text_report(hunt_summary(), {{trace, "x"}}, TextStyle{});
  EXPECT_NE(text.find("on the stack of main"), std::string::npos) << text;
  EXPECT_EQ(text.find("0x2000"), std::string::npos) << text;
}

TEST(TextReport, AWrongEndShowsTheLostUpdate) {
  const std::string text = text_show(lost_update_trace(), "x", TextStyle{});
  expect_fits(text, TextStyle{});
  for (const char* part :
       {"T1 read X1 as 100; then T2 wrote 70; T1, which had not looked again, wrote 60 over it.",
        "writes X1: 100 → 70", "writes X1: 70 → 60", "the process ends: 1",
        "Why: an update was lost on the way: see the line above"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  EXPECT_EQ(text.find("guard"), std::string::npos) << text;
  EXPECT_EQ(text.find("yields"), std::string::npos) << text;
  EXPECT_EQ(text.find("T3"), std::string::npos) << text;
}

TEST(TextReport, AWrongEndShowsTheOutdatedCheck) {
  const std::string text = text_show(lost_update_trace(true), "x", TextStyle{});
  EXPECT_NE(text.find("T1 read X1 as 100; then T2 wrote 70; T1 went on all the same and wrote 60."),
            std::string::npos)
      << text;
}

TEST(TextReport, TheTraceOfACheckIsReplayedByTheCheck) {
  Trace trace = race_trace();
  trace.check = "adds \"up\"";
  const std::string text = text_show(trace, "trama-out/a.trama", TextStyle{});
  EXPECT_EQ(lines_of(text).back(),
            R"(Replay: check_options.replay = "trama-out/a.trama" in check "adds \"up\"")");
}

TEST(TextReport, ALongProgramNameLosesItsBeginning) {
  Summary summary = hunt_summary();
  summary.program = std::string(90, 'a') + "/banco";
  const std::string text = text_report(summary, {{race_trace(), "x"}}, TextStyle{});
  expect_fits(text, TextStyle{});
  EXPECT_NE(text.find("a/banco: RACE in execution 3 of 204, seed 7\n"), std::string::npos) << text;
}

TEST(TextReport, OutputOfTheProgramCannotMoveTheCursor) {
  const std::string text = text_report(hunt_summary(), {{exit_trace(), "x"}}, TextStyle{});
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_NE(text.find("ERRO: total 41990"), std::string::npos) << text;
}

TEST(TextReport, FullShowsEveryStep) {
  const TextStyle style{.full = true};
  const Trace trace = race_trace(3, 300);
  EXPECT_GT(lines_of(text_show(trace, "x", style)).size(), trace.steps.size());
}

TEST(TextReport, NoColorCodesUnlessAsked) {
  const Trace trace = race_trace();
  EXPECT_EQ(text_show(trace, "x", TextStyle{}).find('\x1b'), std::string::npos);
  EXPECT_NE(text_show(trace, "x", TextStyle{.color = true}).find('\x1b'), std::string::npos);
}

TEST(TextReport, WithoutLinesItSaysSo) {
  Trace trace = race_trace();
  for (TracePlace& place : trace.places) place.frames.clear();
  const std::string text = text_report(hunt_summary(), {{trace, "x"}}, TextStyle{});
  EXPECT_NE(text.find("build with -g"), std::string::npos) << text;
  EXPECT_NE(text.find("banco_inseguro+0x"), std::string::npos) << text;
}

TEST(TextReport, AnEmptyTraceIsNoAccident) {
  Trace trace;
  EXPECT_FALSE(text_show(trace, "x", TextStyle{}).empty());
  trace.findings.push_back({});
  EXPECT_FALSE(text_show(trace, "x", TextStyle{.full = true}).empty());
}

TEST(VerdictLine, IsNeverABarePassed) {
  Summary summary = hunt_summary();
  summary.verdict = Verdict::sampled;
  summary.executions = 10000;
  EXPECT_EQ(verdict_line(summary, Language::en), "sampled: 10000 executions, seed 7, none failed");
  EXPECT_EQ(verdict_line(summary, Language::pt),
            "amostrado: 10000 execuções, semente 7, nenhuma falhou");
  summary.verdict = Verdict::incomplete;
  summary.step_limited = 3;
  summary.max_steps = 1000;
  EXPECT_EQ(verdict_line(summary, Language::en),
            "incomplete: 10000 executions, seed 7, none failed; 3 reached the limit of 1000 steps");
}

TEST(VerdictLine, SaysUpToWhatItHolds) {
  Summary summary;
  summary.command = "verify";
  summary.verdict = Verdict::verified;
  summary.model = "rc11";
  summary.executions = summary.complete = 36;
  summary.preemptions = "2";
  summary.unroll = 1;
  const auto line = [&](Language language) { return verdict_line(summary, language); };
  EXPECT_EQ(line(Language::en), "verified: 36 executions, all, under rc11") << "nothing left out";
  summary.pruned = 4;
  EXPECT_EQ(line(Language::en), "verified up to 2 preemptions: 36 executions, under rc11");
  EXPECT_EQ(line(Language::pt), "verificado até 2 preempções: 36 execuções, sob rc11");
  summary.preemptions = "1";
  summary.cut = 5;
  EXPECT_EQ(line(Language::en),
            "verified up to 1 preemption and 1 round of each loop: 36 executions, under rc11; cut "
            "there: 5 more");
  summary.pruned = 0;
  summary.unroll = 3;
  EXPECT_EQ(line(Language::pt),
            "verificado até 3 voltas de cada laço: 36 execuções, sob rc11; cortadas ali: outras 5");
  summary.verdict = Verdict::incomplete;
  EXPECT_EQ(line(Language::en),
            "incomplete: 36 executions, under rc11, none failed; up to 3 rounds of each loop");
  summary.cut = 0;
  summary.explored = 0.12;
  summary.estimate = 300;
  EXPECT_EQ(line(Language::en),
            "incomplete: 36 executions, about 12% (estimate), under rc11, none failed");
  EXPECT_EQ(percent_text(0.0004), "<1%");
  EXPECT_EQ(percent_text(0.999), ">99%");
}

TEST(ShellWord, QuotesWhatAShellWouldSplit) {
  EXPECT_EQ(shell_word("trama-out/a.trama"), "trama-out/a.trama");
  EXPECT_EQ(shell_word("a b'c"), "'a b'\\''c'");
  EXPECT_EQ(shell_word(""), "''");
}

TEST(TextWidth, CountsCodePoints) {
  EXPECT_EQ(display_width("ação"), 4U);
  EXPECT_EQ(shorten("ação", 3), "aç…");
  EXPECT_EQ(shorten_left("ação", 3), "…ão");
  EXPECT_EQ(fit("é", 3), "é  ");
  EXPECT_EQ(printable("a\x1b[31mb\x1b[0m\xff\nc"), "ab?⏎c");
}

}  // namespace
}  // namespace trama
