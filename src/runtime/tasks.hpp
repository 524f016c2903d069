// Tasks: what a library of coroutines tells of them (include/trama/detail/task_hooks.hpp).
//
// Tasks are of no concern to the scheduler: they take turns by the program's own rules. So the
// table is kept only while an execution is recorded or looked over. Coroutines that were never
// awaited are noted always: they are a finding.
#pragma once

#include <cstdint>

#include "event/ids.hpp"
#include "runtime/block_log.hpp"
#include "trace/trace.hpp"

namespace trama::runtime {

class Recorder;

/// Forgets all: an execution begins.
void begin_tasks();

/// The task that `thread` runs now; kNoTask where it runs none, or nobody records.
TaskId running_task(ThreadId thread);

/// Whether `address` lies in the frames that the running task has on its thread's stack: they are
/// over when it awaits, and the next task's stand there. What coroutines keep is elsewhere.
bool is_tasks_frame(ThreadId thread, std::uint64_t address);

/// Who works on memory, for the survey: a thread's number, or one of a task's own.
ThreadId worker(ThreadId thread);

// For those that tell nothing of themselves (asio_tasks.hpp). Stacks are of return addresses,
// innermost first.
TaskId begin_task(std::uint64_t function, const RawStack& stack);
/// `task` is called by this function, if nothing else names it.
void call_task(TaskId task, std::uint64_t function);
/// The calling thread runs it from now; `frame`: below it on the stack stand the task's own frames.
void resume_task(TaskId task, std::uint64_t frame);
/// Without a stack it is not told.
void suspend_task(TaskId task, const RawStack& stack);
void end_task(TaskId task);
/// Also where it runs another inside.
bool is_running(TaskId task, ThreadId thread);

/// Adds the tasks to the recorded trace.
void add_tasks(Recorder& recorder, Trace& trace);
/// Of a deadlock: the tasks that wait, or have not begun.
void add_waiting_tasks(Finding& finding);
/// Of a deadlock: each of some tasks awaits a lock that the next one of them holds.
bool tasks_wait_in_circle();
/// The exception that nobody has caught; and of UNCAUGHT: the task that threw it, if one did.
void note_uncaught(const void* exception);
void add_thrower(const Trace& trace, Finding& finding);
/// Of FORGOTTEN: the coroutines that never ran.
void add_forgotten(const Trace& trace, Finding& finding);

/// Ends the execution with FORGOTTEN if a coroutine was destroyed that nobody had awaited.
/// Called at the normal end of the program.
void fail_on_forgotten(std::uint64_t pc);

}  // namespace trama::runtime
