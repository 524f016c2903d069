#include "report/lane.hpp"

#include <fmt/format.h>

#include "report/describe.hpp"
#include "report/text_width.hpp"

namespace trama {
namespace {

/// What its program or its code calls it; empty where neither does.
std::string plain_name(const Trace& trace, const TraceTask& task) {
  if (!task.name.empty()) return printable(task.name);
  if (task.function >= trace.places.size()) return {};
  const std::vector<SourceFrame>& frames = trace.places[task.function].frames;
  if (frames.empty()) return {};
  std::string function = short_function(frames.back().function);
  constexpr std::string_view kLibrary = "trama::aio::detail::";
  if (function.starts_with(kLibrary)) function.erase(0, kLibrary.size());
  // These wrap something that is no coroutine: no name tells what.
  return function == "await_it" || function == "call_it" ? std::string() : printable(function);
}

}  // namespace

std::string task_name(const Trace& trace, TaskId task, Language language) {
  if (task >= trace.tasks.size()) return "?";
  const std::string name = plain_name(trace, trace.tasks[task]);
  if (name.empty()) return say(language, Message::task_number, task + 1);
  unsigned same = 1;
  for (TaskId i = 0; i < task; ++i) {
    if (plain_name(trace, trace.tasks[i]) == name) ++same;
  }
  return same == 1 ? name : fmt::format("{}#{}", name, same);
}

std::string task_label(const Trace& trace, TaskId task, Language language) {
  const std::string name = task_name(trace, task, language);
  if (task < trace.tasks.size() && plain_name(trace, trace.tasks[task]).empty()) return name;
  return say(language, Message::task_number, name);
}

std::string lane_name(const Trace& trace, const Lane& lane, Language language) {
  if (lane.task == kNoTask) return thread_name(trace, lane.thread);
  std::string name = task_name(trace, lane.task, language);
  for (const TraceThread& thread : trace.threads) {
    if (thread.name == name) return task_label(trace, lane.task, language);
  }
  return name;
}

std::string worker_name(const Trace& trace, ThreadId thread, TaskId task, Language language) {
  if (task >= trace.tasks.size()) return thread_name(trace, thread);
  return fmt::format("{} ({})", task_name(trace, task, language), thread_name(trace, thread));
}

}  // namespace trama
