#include "report/json_report.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "event/io_fault.hpp"
#include "report/blind.hpp"
#include "report/describe.hpp"
#include "report/lane.hpp"
#include "report/test_name.hpp"
#include "report/weak_memory.hpp"
#include "trace/places.hpp"

namespace trama {
namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) {
  // A program's bytes may be no UTF-8: they are replaced, never refused.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json location(const Trace& trace, ThreadId thread, std::uint32_t stack, std::string_view access,
              TaskId task = kNoTask) {
  const SourceFrame* frame = user_frame(trace, kNoIndex, stack);
  Json json;
  json["file"] = frame == nullptr ? "" : frame->file;
  json["line"] = frame == nullptr ? 0 : frame->line;
  json["function"] = frame == nullptr ? "" : frame->function;
  json["thread"] = thread_name(trace, thread);
  if (task != kNoTask) json["task"] = task_name(trace, task, Language::en);
  json["access"] = access;
  if (frame == nullptr) json["address"] = place_text(trace, kNoIndex, stack);
  return json;
}

/// The finding's stack; where that has no line of the program's (a process ends behind
/// main), the last one of its thread that has.
std::uint32_t last_stack(const Trace& trace, const Finding& finding) {
  if (user_frame(trace, kNoIndex, finding.stack) != nullptr) return finding.stack;
  for (std::size_t i = std::min<std::size_t>(finding.step, trace.steps.size()); i-- > 0;) {
    const TraceStep& step = trace.steps[i];
    if (step.event.thread != finding.thread) continue;
    if (user_frame(trace, kNoIndex, step.stack) != nullptr) return step.stack;
  }
  return finding.stack;
}

Json locations(const Trace& trace, const Finding& finding) {
  Json list = Json::array();
  for (const FindingAccess& access : finding.accesses) {
    list.push_back(
        location(trace, access.thread, access.stack, to_text(access.operation), access.task));
    const std::string what = awaited(trace, access);
    if (access.operation == Operation::task_await && !what.empty()) list.back()["awaits"] = what;
  }
  if (list.empty() && finding.stack != kNoIndex) {
    const bool known = finding.step < trace.steps.size();
    const std::string_view operation =
        known ? to_text(trace.steps[finding.step].event.operation) : std::string_view("");
    list.push_back(location(trace, finding.thread, last_stack(trace, finding), operation));
  }
  return list;
}

/// The threads that a finding names, each once.
Json finding_threads(const Trace& trace, const Finding& finding) {
  Json list = Json::array();
  const auto add = [&](ThreadId thread) {
    if (thread == kNoThread) return;
    const std::string name = thread_name(trace, thread);
    for (const auto& known : list) {
      if (known == name) return;
    }
    list.push_back(name);
  };
  for (const FindingAccess& access : finding.accesses) add(access.thread);
  add(finding.thread);
  return list;
}

/// Faults that --io-faults let come, in their order.
Json injected_json(const Trace& trace) {
  Json list = Json::array();
  for (std::size_t i = 0; i < trace.steps.size(); ++i) {
    const TraceStep& step = trace.steps[i];
    const IoFault fault = fault_of(step.event);
    if (fault == IoFault::none) continue;
    Json json = location(trace, step.event.thread, step.stack, to_text(step.event.operation));
    json["kind"] = to_text(fault);
    json["step"] = i;
    list.push_back(std::move(json));
  }
  return list;
}

Json finding_json(const ReportedTrace& reported, const Finding& finding, Language language) {
  const Trace& trace = reported.trace;
  Json json;
  json["code"] = to_text(finding.code);
  json["reason"] = finding.reason;
  json["message"] = finding_message(trace, finding, language);
  json["why"] = finding_why(finding, language);
  const std::vector<std::string> weak = weak_memory_texts(trace, language, true);
  if (!weak.empty()) json["memory_model"] = weak;
  json["test"] = test_name(trace, finding);
  json["execution"] = trace.execution;
  json["threads"] = finding_threads(trace, finding);
  json["locations"] = locations(trace, finding);
  if (finding.memory_stack != kNoIndex) {
    json["allocated"] = location(trace, finding.memory_thread, finding.memory_stack, "allocate");
  }
  if (Json injected = injected_json(trace); !injected.empty()) {
    json["injected"] = std::move(injected);
  }
  json["steps"] = trace.steps.size();
  json["trace"] = reported.path;
  return json;
}

Json blind_json(const Summary& summary, Language language) {
  Json list = Json::array();
  for (const BlindCall& call : summary.blind) {
    list.push_back({{"symbol", call.symbol},
                    {"file", call.file},
                    {"line", call.line},
                    {"function", call.function},
                    {"kind", to_text(call.kind)},
                    {"advice", text_of(blind_advice(call), language)}});
  }
  return list;
}

Json outcomes_json(const Summary& summary) {
  Json list = Json::array();
  for (const ListedOutcome& outcome : summary.outcomes) {
    list.push_back({{"output", outcome.output},
                    {"status", outcome.status},
                    {"finding", outcome.code.empty() ? Json(nullptr) : Json(outcome.code)},
                    {"detail", outcome.detail},
                    {"executions", outcome.count},
                    {"graphs", outcome.graphs}});
  }
  return list;
}

double rounded(double value, double scale) { return std::round(value * scale) / scale; }

Json index_or_null(std::uint32_t index) { return index == kNoIndex ? Json(nullptr) : Json(index); }
Json thread_or_null(ThreadId id) { return id == kNoThread ? Json(nullptr) : Json(id); }

Json frames_json(const TracePlace& place) {
  Json list = Json::array();
  for (const SourceFrame& frame : place.frames) {
    list.push_back({{"function", frame.function},
                    {"file", frame.file},
                    {"line", frame.line},
                    {"column", frame.column}});
  }
  return list;
}

Json step_json(const Trace& trace, const TraceStep& step) {
  const Event& event = step.event;
  Json json;
  json["thread"] = thread_or_null(event.thread);
  json["operation"] = to_text(event.operation);
  if (event.object != kNoObject) json["object"] = event.object;
  if (event.mutex != kNoObject) json["mutex"] = event.mutex;
  if (event.other != kNoThread) json["other"] = event.other;
  if (event.address != 0) json["address"] = event.address;
  if (event.size != 0) {
    json["size"] = event.size;
    json["before"] = event.before;
    json["after"] = event.after;
  }
  if (event.size == 0 && event.after != 0) json["after"] = event.after;
  if (event.outcome != Outcome::ok) {
    json["outcome"] = event.outcome == Outcome::failed ? "failed" : "timed-out";
  }
  if (const IoFault fault = fault_of(event); fault != IoFault::none) {
    json["injected"] = to_text(fault);
  }
  json["alternatives"] = step.alternatives;
  json["time_ns"] = step.time_ns;
  json["place"] = index_or_null(step.place);
  json["stack"] = index_or_null(step.stack);
  json["at"] = place_text(trace, step.place, step.stack);
  if (!step.text.empty()) json["text"] = step.text;
  const auto source = [&](const char* key, std::uint32_t of) {
    if (of != kNoIndex) json[key] = of == kInitialValue ? Json("initial") : Json(of);
  };
  source("from", step.from);
  source("behind", step.behind);
  source("newer", step.newer);
  if (step.task != kNoTask) json["task"] = step.task;
  if (step.other_task != kNoTask) json["other_task"] = step.other_task;
  return json;
}

Json task_or_null(TaskId id) { return id == kNoTask ? Json(nullptr) : Json(id); }

Json access_json(const FindingAccess& access) {
  return {{"thread", thread_or_null(access.thread)},
          {"operation", to_text(access.operation)},
          {"atomic", access.atomic},
          {"address", access.address},
          {"size", access.size},
          {"stack", index_or_null(access.stack)},
          {"step", index_or_null(access.step)},
          {"object", access.object},
          {"holder", thread_or_null(access.holder)},
          {"task", task_or_null(access.task)},
          {"holder_task", task_or_null(access.holder_task)}};
}

Json trace_finding(const Trace& trace, const Finding& finding, Language language) {
  Json json = finding_json({trace, ""}, finding, language);
  json.erase("trace");
  json.erase("steps");
  json["detail"] = finding.detail;
  json["step"] = index_or_null(finding.step);
  constexpr std::string_view memory[] = {"unknown", "static", "heap", "stack"};
  json["memory"] = memory[static_cast<unsigned>(finding.memory) % 4];
  json["memory_base"] = finding.memory_base;
  json["memory_size"] = finding.memory_size;
  json["memory_thread"] = thread_or_null(finding.memory_thread);
  json["memory_stack"] = index_or_null(finding.memory_stack);
  json["accesses"] = Json::array();
  for (const FindingAccess& access : finding.accesses) {
    json["accesses"].push_back(access_json(access));
  }
  return json;
}

/// How far verify came, and within which bounds.
Json exploration_json(const Summary& summary) {
  Json json;
  json["complete"] = summary.complete;
  json["blocked"] = summary.blocked;
  json["cut"] = summary.cut;
  json["pruned"] = summary.pruned;
  json["explored"] = rounded(summary.explored, 1e9);
  json["estimate"] = summary.estimate > 0 ? Json(rounded(summary.estimate, 10)) : Json(nullptr);
  const double left =
      summary.explored > 0 ? summary.seconds * (1 - summary.explored) / summary.explored : 0;
  const bool known = summary.explored > 0 && !summary.resumed;
  json["seconds_left"] = known ? Json(rounded(left, 10)) : Json(nullptr);
  const bool all = summary.preemptions == "all";
  json["preemptions"] = all ? Json(nullptr) : Json(std::stoull(summary.preemptions));
  json["unroll"] = summary.unroll == 0 ? Json(nullptr) : Json(summary.unroll);
  json["jobs"] = summary.jobs;
  json["checkpoint"] = summary.checkpoint.empty() ? Json(nullptr) : Json(summary.checkpoint);
  json["resume"] = summary.checkpoint.empty() ? Json(nullptr) : Json(summary.resume_command);
  return json;
}

}  // namespace

std::string json_report(const Summary& summary, const std::vector<ReportedTrace>& traces,
                        Language language) {
  Json json;
  json["command"] = summary.command;
  json["program"] = summary.program;
  json["verdict"] = to_text(summary.verdict);
  json["strategy"] = summary.strategy;
  json["seed"] = summary.seed;
  json["model"] = summary.model;
  json["executions"] = summary.executions;
  json["distinct"] = summary.distinct;
  json["step_limited"] = summary.step_limited;
  json["stopped"] = summary.stopped;
  json["seconds"] = rounded(summary.seconds, 1e6);
  json["executions_per_second"] =
      summary.seconds > 0 ? rounded(static_cast<double>(summary.executions) / summary.seconds, 10)
                          : 0.0;
  if (summary.command == "verify") json["exploration"] = exploration_json(summary);
  if (summary.command == "replay") json["same_finding"] = summary.same_finding;
  json["findings"] = Json::array();
  for (const ReportedTrace& reported : traces) {
    for (const Finding& finding : reported.trace.findings) {
      json["findings"].push_back(finding_json(reported, finding, language));
    }
  }
  if (summary.listed) json["outcomes"] = outcomes_json(summary);
  json["blind"] = blind_json(summary, language);
  json["message"] = summary.message;
  return dump(json);
}

std::string json_trace(const Trace& trace, Language language) {
  Json json;
  json["version"] = trace.version;
  json["program"] = trace.program;
  json["arguments"] = trace.arguments;
  json["build_id"] = trace.build_id;
  json["check"] = trace.check;
  json["strategy"] = trace.strategy;
  json["model"] = trace.model;
  json["seed"] = trace.seed;
  json["execution"] = trace.execution;
  json["visible"] = trace.visible;
  json["complete"] = trace.complete;
  json["modules"] = Json::array();
  for (const TraceModule& module : trace.modules) {
    json["modules"].push_back({{"path", module.path},
                               {"base", module.base},
                               {"build_id", module.build_id},
                               {"instrumented", module.instrumented}});
  }
  json["places"] = Json::array();
  for (const TracePlace& place : trace.places) {
    json["places"].push_back({{"module", index_or_null(place.module)},
                              {"offset", place.offset},
                              {"frames", frames_json(place)}});
  }
  json["stacks"] = trace.stacks;
  json["threads"] = Json::array();
  for (std::size_t id = 0; id < trace.threads.size(); ++id) {
    const TraceThread& thread = trace.threads[id];
    json["threads"].push_back({{"name", thread_name(trace, static_cast<ThreadId>(id))},
                               {"creator", thread_or_null(thread.creator)},
                               {"create_stack", index_or_null(thread.create_stack)}});
  }
  json["tasks"] = Json::array();
  for (TaskId id = 0; id < trace.tasks.size(); ++id) {
    const TraceTask& task = trace.tasks[id];
    json["tasks"].push_back({{"name", task_name(trace, id, Language::en)},
                             {"function", index_or_null(task.function)},
                             {"creator", thread_or_null(task.creator)},
                             {"parent", task_or_null(task.parent)},
                             {"create_stack", index_or_null(task.create_stack)},
                             {"created_at", place_text(trace, kNoIndex, task.create_stack)}});
  }
  json["objects"] = Json::array();
  for (const TraceObject& object : trace.objects) {
    json["objects"].push_back({{"kind", to_text(object.kind)},
                               {"address", object.address},
                               {"name", object.name},
                               {"symbol", object.symbol}});
  }
  json["steps"] = Json::array();
  for (const TraceStep& step : trace.steps) json["steps"].push_back(step_json(trace, step));
  json["findings"] = Json::array();
  for (const Finding& finding : trace.findings) {
    json["findings"].push_back(trace_finding(trace, finding, language));
  }
  return dump(json);
}

}  // namespace trama
