#include "cli/outcome.hpp"

#include <gtest/gtest.h>

#include "base/check.hpp"
#include "trace/format.hpp"

namespace trama {
namespace {

LaunchRequest request_for(const std::string& name) {
  LaunchRequest request;
  request.name = name;
  request.path = "/no/such file";
  request.arguments = {"a"};
  return request;
}

LaunchOutcome ended(SessionVerdict verdict, std::uint64_t executions) {
  LaunchOutcome outcome;
  outcome.verdict = verdict;
  outcome.executions = executions;
  outcome.heartbeat = 1;
  return outcome;
}

int code_of(const LaunchOutcome& outcome) {
  Invocation invocation;
  invocation.command = "hunt";
  return exit_code_of(read_outcome(invocation, outcome, request_for("p")));
}

TEST(Outcome, ExitCodes) {
  EXPECT_EQ(code_of(ended(SessionVerdict::sampled, 10)), kExitNothingFound);
  EXPECT_EQ(code_of(ended(SessionVerdict::incomplete, 10)), kExitNothingFound);
  EXPECT_EQ(code_of(ended(SessionVerdict::incomplete, 0)), kExitUsage);
  EXPECT_EQ(code_of(ended(SessionVerdict::error, 0)), kExitUsage);
  EXPECT_EQ(code_of(ended(SessionVerdict::diverged, 1)), kExitDiverged);
  EXPECT_EQ(code_of(ended(SessionVerdict::none, 10)), kExitInternal);
  LaunchOutcome stopped = ended(SessionVerdict::incomplete, 10);
  stopped.stopped = true;
  EXPECT_EQ(code_of(stopped), kExitUsage);
  LaunchOutcome limited = ended(SessionVerdict::incomplete, 10);
  limited.step_limited = 10;
  EXPECT_EQ(code_of(limited), kExitUsage) << "not one execution came to its end";
}

TEST(Outcome, AFindingIsReadAndNamedAsTheUserCalledIt) {
  Trace trace;
  trace.program = "/real/path";
  trace.findings.emplace_back();
  LaunchOutcome outcome = ended(SessionVerdict::finding, 3);
  write_trace(trace, outcome.traces);
  Invocation invocation;
  const SessionReport report = read_outcome(invocation, outcome, request_for("./p"));
  ASSERT_EQ(report.traces.size(), 1U);
  EXPECT_EQ(report.traces[0].trace.program, "./p");
  EXPECT_EQ(exit_code_of(report), kExitFinding);
  outcome.traces += "trama-trace 2\ngarbage";
  EXPECT_TRUE(read_outcome(invocation, outcome, request_for("./p")).internal);
}

TEST(Outcome, AListOfOutcomesIsRead) {
  LaunchOutcome outcome = ended(SessionVerdict::finding, 3);
  outcome.traces =
      "trama-outcomes 1\noutcome 2 0 - \"\" \"r1=0\\n\"\ngraph \"T1: 1 @0+0x40=1, 2 @0x80→0 "
      "(initial)\"\noutcome 1 0 ASSERT \"r1 == 1\" \"\"\n";
  const SessionReport report = read_outcome(Invocation{}, outcome, request_for("p"));
  EXPECT_TRUE(report.summary.listed);
  ASSERT_EQ(report.summary.outcomes.size(), 2U);
  EXPECT_EQ(report.summary.outcomes[0].count, 2U);
  EXPECT_EQ(report.summary.outcomes[0].output, "r1=0\n");
  // Of a file that is not there no variable is known.
  EXPECT_EQ(report.summary.outcomes[0].graphs,
            std::vector<std::string>{"T1: 1 @0+0x40=1, 2 @0x80→0 (initial)"});
  EXPECT_EQ(report.summary.outcomes[1].code, "ASSERT");
  EXPECT_EQ(report.summary.outcomes[1].detail, "r1 == 1");
  EXPECT_EQ(exit_code_of(report), kExitFinding);
  outcome.traces += "outcome 1 0";
  EXPECT_TRUE(read_outcome(Invocation{}, outcome, request_for("p")).internal);
}

TEST(Outcome, WhatAProcessFoundBeforeItDiedIsReported) {
  Trace trace;
  trace.findings.emplace_back();
  LaunchOutcome outcome = ended(SessionVerdict::none, 3);
  outcome.wait_status = 11;
  write_trace(trace, outcome.traces);
  outcome.traces += "trama-trace 2\nprogram";  // it died while it wrote
  const SessionReport report = read_outcome(Invocation{}, outcome, request_for("p"));
  EXPECT_EQ(report.traces.size(), 1U);
  EXPECT_EQ(report.summary.verdict, Verdict::finding);
  EXPECT_EQ(exit_code_of(report), kExitFinding);
  EXPECT_NE(report.summary.message.find("signal 11"), std::string::npos) << report.summary.message;
}

TEST(Outcome, WhatTheLoaderSaidIsToldWhereItFailed) {
  LaunchOutcome outcome;
  outcome.wait_status = 127 << 8;
  outcome.captured = "warning\np: error while loading shared libraries: libfoo.so\n";
  const auto message = [&](bool capture) {
    LaunchRequest request = request_for("p");
    request.capture = capture;
    return read_outcome(Invocation{}, outcome, request).summary.message;
  };
  EXPECT_EQ(message(true),
            "p could not be loaded: error while loading shared libraries: libfoo.so");
  outcome.captured.clear();
  EXPECT_NE(message(true).find("setuid"), std::string::npos);
  EXPECT_NE(message(false).find("stands above"), std::string::npos);
}

TEST(Outcome, BlindCallsAreListed) {
  LaunchOutcome outcome = ended(SessionVerdict::sampled, 3);
  outcome.blind = "poll 0 0x12\nselect 7 0x13\ncut-off 0";
  const SessionReport report = read_outcome(Invocation{}, outcome, request_for("p"));
  ASSERT_EQ(report.summary.blind.size(), 2U);
  EXPECT_EQ(report.summary.blind[0].symbol, "poll");
  EXPECT_EQ(report.summary.blind[0].address, "such file+0x12");
  EXPECT_EQ(report.summary.blind[1].address, "0x13");
}

TEST(Outcome, PlacesInMessagesGetTheirLines) {
  Trace known;
  known.modules.push_back({"/no/such/prog", 0, "", true});
  known.places.push_back({0, 0x20, {{"f()", "/src/bank.cpp", 41, 1}}});
  EXPECT_EQ(
      name_places("expected: T1 lock at expected-place 0\nfound: T2 unlock at @0+0x30\n", known),
      "expected: T1 lock at bank.cpp:41\nfound: T2 unlock at prog+0x30");
  EXPECT_EQ(name_places("expected-place 99 @ @x+1 @0 a@b", known), "? @ @x+1 @0 a@b");
}

TEST(SameFinding, ComparesCodeReasonAndPlaces) {
  Trace a;
  a.places.push_back({0, 0x20, {}});
  a.stacks.push_back({0});
  a.findings.emplace_back();
  a.findings[0].stack = 0;
  Trace b = a;
  EXPECT_TRUE(same_finding(a, b));
  b.places[0].offset = 0x30;
  EXPECT_FALSE(same_finding(a, b));
  b = a;
  b.findings[0].reason = "other";
  EXPECT_FALSE(same_finding(a, b));
  b.findings.clear();
  EXPECT_FALSE(same_finding(a, b));
}

}  // namespace
}  // namespace trama
