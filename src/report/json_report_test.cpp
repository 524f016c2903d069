#include "report/json_report.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "event/io_fault.hpp"
#include "report/sample_trace.hpp"

namespace trama {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> keys_of(const Json& json) {
  std::vector<std::string> keys;
  for (const auto& item : json.items()) keys.push_back(item.key());
  return keys;
}

Summary summary_of_a_hunt() {
  Summary summary;
  summary.command = "hunt";
  summary.program = "x";
  summary.verdict = Verdict::finding;
  summary.executions = 100;
  summary.seconds = 0.5;
  summary.blind.push_back({"poll", "main()", "main.cpp", 12, "x+0x1"});
  return summary;
}

TEST(JsonReport, HasItsKeysInOneOrder) {
  const Json json = Json::parse(
      json_report(summary_of_a_hunt(), {{testing::race_trace(), "a.trama"}}, Language::en));
  EXPECT_EQ(keys_of(json), (std::vector<std::string>{
                               "command", "program", "verdict", "strategy", "seed", "model",
                               "executions", "distinct", "step_limited", "stopped", "seconds",
                               "executions_per_second", "findings", "blind", "message"}));
  EXPECT_EQ(json["executions_per_second"], 200.0);
  const Json& finding = json["findings"][0];
  EXPECT_EQ(keys_of(finding),
            (std::vector<std::string>{"code", "reason", "message", "why", "test", "execution",
                                      "threads", "locations", "steps", "trace"}));
  EXPECT_EQ(finding["code"], "RACE");
  EXPECT_EQ(finding["threads"], (Json{"T1", "T2"}));
  EXPECT_EQ(finding["locations"][0]["line"], 41);
  EXPECT_EQ(finding["locations"][0]["file"], "/nowhere/banco.cpp");
  EXPECT_EQ(finding["locations"][0]["access"], "read");
  EXPECT_EQ(finding["locations"][1]["thread"], "T2");
  EXPECT_EQ(json["blind"][0]["symbol"], "poll");
}

TEST(JsonReport, VerifySaysHowFarItCame) {
  Summary summary = summary_of_a_hunt();
  summary.command = "verify";
  summary.verdict = Verdict::incomplete;
  summary.complete = 90;
  summary.explored = 0.25;
  summary.estimate = 400;
  summary.preemptions = "0";
  summary.checkpoint = "out/p-verify.checkpoint";
  summary.resume_command = "trama verify --resume out/p-verify.checkpoint ./p";
  const Json json = Json::parse(json_report(summary, {}, Language::en))["exploration"];
  EXPECT_EQ(keys_of(json),
            (std::vector<std::string>{"complete", "blocked", "cut", "pruned", "explored",
                                      "estimate", "seconds_left", "preemptions", "unroll", "jobs",
                                      "checkpoint", "resume"}));
  EXPECT_EQ(json["complete"], 90);
  EXPECT_EQ(json["seconds_left"], 1.5);
  EXPECT_EQ(json["preemptions"], 0);
  EXPECT_TRUE(json["unroll"].is_null());
  EXPECT_EQ(json["checkpoint"], "out/p-verify.checkpoint");
}

TEST(JsonReport, FaultsThatWereInjectedAreListed) {
  Trace trace = testing::race_trace();
  Event& event = trace.steps[9].event;
  event.operation = Operation::poll;
  event.before = fault_word(IoFault::interrupted);
  const Json json = Json::parse(json_report(summary_of_a_hunt(), {{trace, ""}}, Language::en));
  const Json& injected = json["findings"][0]["injected"];
  ASSERT_EQ(injected.size(), 1U);
  EXPECT_EQ(injected[0]["kind"], "eintr");
  EXPECT_EQ(injected[0]["step"], 9);
  EXPECT_EQ(injected[0]["access"], "poll");
}

TEST(JsonReport, ANonRaceHasTheLocationOfItsStack) {
  const Json json =
      Json::parse(json_report(summary_of_a_hunt(), {{testing::exit_trace(), ""}}, Language::pt));
  EXPECT_EQ(json["findings"][0]["code"], "EXIT");
  EXPECT_EQ(json["findings"][0]["locations"][0]["line"], 99);
}

TEST(JsonReport, AnEndBehindMainHasTheLastPlaceOfItsThread) {
  Trace trace = testing::exit_trace();
  Finding& finding = trace.findings.front();
  const std::uint32_t seen = trace.steps[0].stack;
  trace.steps[0].event.thread = finding.thread;
  trace.stacks.push_back({});
  finding.stack = static_cast<std::uint32_t>(trace.stacks.size() - 1);
  trace.steps[finding.step].stack = trace.steps[finding.step].place = kNoIndex;
  ASSERT_LT(seen, trace.stacks.size());
  const Json json = Json::parse(json_report(summary_of_a_hunt(), {{trace, ""}}, Language::en));
  EXPECT_EQ(json["findings"][0]["locations"][0]["line"], 77);
}

TEST(JsonReport, TheMemoryOfARaceIsInItsMessage) {
  const Json json = Json::parse(
      json_report(summary_of_a_hunt(), {{testing::heap_race_trace(), ""}}, Language::en));
  const std::string message = json["findings"][0]["message"];
  EXPECT_NE(message.find("heap block of 48 bytes, allocated by main at banco.cpp:20 (byte 12)"),
            std::string::npos)
      << message;
}

TEST(JsonReport, AUseAfterFreeHasThreePlaces) {
  const Json json = Json::parse(
      json_report(summary_of_a_hunt(), {{testing::use_after_free_trace(), ""}}, Language::en));
  const Json& finding = json["findings"][0];
  EXPECT_EQ(finding["allocated"]["line"], 20);
  EXPECT_EQ(finding["allocated"]["thread"], "main");
  ASSERT_EQ(finding["locations"].size(), 2U);
  EXPECT_EQ(finding["locations"][0]["access"], "free");
  EXPECT_EQ(finding["locations"][0]["line"], 41);
  EXPECT_EQ(finding["locations"][1]["access"], "read");
  EXPECT_EQ(finding["locations"][1]["line"], 42);
}

TEST(JsonReport, InvalidBytesAreReplaced) {
  Summary summary = summary_of_a_hunt();
  summary.program = "caf\xe9";
  EXPECT_NO_THROW(Json::parse(json_report(summary, {}, Language::en)));
}

TEST(JsonTrace, HoldsTheWholeTrace) {
  const Trace trace = testing::race_trace();
  const Json json = Json::parse(json_trace(trace, Language::en));
  EXPECT_EQ(json["steps"].size(), trace.steps.size());
  EXPECT_EQ(json["places"].size(), trace.places.size());
  EXPECT_EQ(json["threads"][1]["name"], "T1");
  EXPECT_EQ(json["findings"][0]["accesses"].size(), 2U);
}

TEST(JsonTrace, HoldsTheTasks) {
  const Trace trace = testing::tasks_trace();
  const Json json = Json::parse(json_trace(trace, Language::en));
  ASSERT_EQ(json["tasks"].size(), 3U);
  EXPECT_EQ(json["tasks"][0]["name"], "kitchen");
  EXPECT_EQ(json["tasks"][1]["parent"], 0);
  EXPECT_EQ(json["tasks"][1]["created_at"], "banco.cpp:5");
  EXPECT_EQ(json["steps"][2]["task"], 0);
  EXPECT_EQ(json["steps"][2]["other_task"], 1);
  EXPECT_FALSE(json["steps"].back().contains("task"));
  const Json& place = json["findings"][0]["locations"][1];
  EXPECT_EQ(place["task"], "kitchen");
  EXPECT_EQ(place["awaits"], "queue.get");
  EXPECT_EQ(place["line"], 31);
}

}  // namespace
}  // namespace trama
