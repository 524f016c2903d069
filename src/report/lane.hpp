// Lane: who a column of the picture belongs to: a thread, or a task that threads run in turn.
#pragma once

#include <string>

#include "report/messages.hpp"
#include "trace/trace.hpp"

namespace trama {

struct Lane {
  ThreadId thread = kNoThread;  ///< of a task: who created it
  TaskId task = kNoTask;

  bool operator==(const Lane&) const = default;
  /// A thread comes before the tasks that it created.
  bool operator<(const Lane& other) const {
    if (thread != other.thread) return thread < other.thread;
    return task + 1U < other.task + 1U;  // none: 0
  }
};

/// The lane of a thread while it runs `task`, which may be none.
inline Lane lane_of(const Trace& trace, ThreadId thread, TaskId task) {
  if (task >= trace.tasks.size()) return {thread, kNoTask};
  return {trace.tasks[task].creator, task};
}
inline Lane lane_of(const Trace& trace, const TraceStep& step) {
  return lane_of(trace, step.event.thread, step.task);
}
inline Lane lane_of(const Trace& trace, const FindingAccess& access) {
  const bool by_its_creator = access.operation == Operation::task_forget;
  return lane_of(trace, access.thread, by_its_creator ? kNoTask : access.task);
}

/// The name that the program gave the task, else its function's; "#2" tells apart what is called the
/// same; "task 2" where nothing is known.
std::string task_name(const Trace& trace, TaskId task, Language language);
/// The same for a sentence: "task kitchen".
std::string task_label(const Trace& trace, TaskId task, Language language);
/// The head of a column: "T1", "kitchen".
std::string lane_name(const Trace& trace, const Lane& lane, Language language);
/// The same for a sentence, which has more room: "kitchen (T1)" where a task ran in `thread`.
std::string worker_name(const Trace& trace, ThreadId thread, TaskId task, Language language);

}  // namespace trama
