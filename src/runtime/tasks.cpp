#include "runtime/tasks.hpp"

#include <cstring>
#include <string>
#include <vector>

#include "runtime/asio_tasks.hpp"
#include "runtime/engine.hpp"
#include "runtime/exceptions.hpp"
#include "runtime/program_symbols.hpp"
#include "runtime/real.hpp"
#include "runtime/recorder.hpp"
#include "trama/detail/task_hooks.hpp"

namespace trama::runtime {
namespace {

enum class TaskState : std::uint8_t { fresh, running, suspended, over };

struct Task {
  const void* address = nullptr;
  std::uint64_t function = 0;  // of its outermost coroutine
  std::string name;
  TaskState state = TaskState::fresh;
  ThreadId creator = kNoThread;
  TaskId parent = kNoTask;
  ThreadId thread = kNoThread;  // where it ran last
  std::uint32_t create_stack = kNoIndex;
  std::uint32_t wait_stack = kNoIndex;
  std::uint32_t wait_step = kNoIndex;
  ObjectId wanted = kNoObject;  // the lock that it awaits
};

/// A lock of the library's, which only tasks wait for.
struct HeldLock {
  ObjectId lock = kNoObject;
  TaskId holder = kNoTask;
};

/// A thread may run one task inside another, which goes on when the inner one awaits.
struct Running {
  ThreadId thread = kNoThread;
  TaskId task = kNoTask;
  std::uint64_t frame = 0;  // on the thread's stack, of who let it go on
};

std::vector<Task>& tasks() {
  static auto* list = new std::vector<Task>;
  return *list;
}
/// Innermost last.
std::vector<Running>& running() {
  static auto* list = new std::vector<Running>;
  return *list;
}
/// Those that are not over, so that a search by address is short.
std::vector<TaskId>& alive() {
  static auto* list = new std::vector<TaskId>;
  return *list;
}

std::vector<HeldLock>& held_locks() {
  static auto* list = new std::vector<HeldLock>;
  return *list;
}

/// An exception left a coroutine of the task.
struct Thrown {
  const void* object = nullptr;
  TaskId task = kNoTask;
  ThreadId thread = kNoThread;
  std::uint32_t step = kNoIndex;
};
std::vector<Thrown>& thrown() {
  static auto* list = new std::vector<Thrown>;
  return *list;
}
const void* g_uncaught = nullptr;

unsigned g_forgotten_count = 0;
bool g_touched = false;  // any of these lists, in this execution

bool are_noted() {
  return g_active && (engine().recorder != nullptr || engine().survey != nullptr);
}

TaskId find(const void* address) {
  for (std::size_t i = alive().size(); i-- > 0;) {
    if (tasks()[alive()[i]].address == address) return alive()[i];
  }
  return kNoTask;
}

std::uint64_t function_of(const void* frame) {
  std::uint64_t function = 0;
  if (frame != nullptr) std::memcpy(&function, frame, sizeof function);
  return function;
}

TaskId add(const void* address, std::uint64_t function, const char* name) {
  g_touched = true;
  const auto id = static_cast<TaskId>(tasks().size());
  Task task;
  task.address = address;
  task.function = function;
  if (name != nullptr) task.name = name;
  task.creator = self();
  task.thread = self();
  task.parent = running_task(self());
  tasks().push_back(static_cast<Task&&>(task));
  return id;
}

void stop_running(TaskId id) {
  for (std::size_t i = running().size(); i-- > 0;) {
    if (running()[i].task != id) continue;
    for (std::size_t k = i + 1; k < running().size(); ++k) running()[k - 1] = running()[k];
    running().pop_back();
  }
}

ObjectId object_of_lock(const void* lock) {
  return scheduler().objects().find_or_make(reinterpret_cast<std::uint64_t>(lock),
                                            ObjectKind::mutex);
}

TaskId holder_of(ObjectId lock) {
  for (const HeldLock& held : held_locks()) {
    if (lock != kNoObject && held.lock == lock) return held.holder;
  }
  return kNoTask;
}

/// A row of the picture: what becomes of `task`; at `pc`, if that is known. Returns its number.
std::uint32_t note(Operation operation, TaskId task, TaskId other, const void* pc,
                   const char* text) {
  Recorder* recorder = engine().recorder;
  if (recorder == nullptr) return kNoIndex;
  const Event event = make_event(operation, nullptr, const_cast<void*>(pc));
  return recorder->note_task(event, task, other, text);
}

/// Keeps where the note stands as where the task was made.
void keep_creation(TaskId id, std::uint32_t step) {
  if (step != kNoIndex) tasks()[id].create_stack = engine().recorder->stack_of_step(step);
}

/// The task has taken its last step for now, which `step` notes.
void rest(TaskId id, std::uint32_t step) {
  stop_running(id);
  tasks()[id].state = TaskState::suspended;
  tasks()[id].wait_step = step;
  if (step != kNoIndex) tasks()[id].wait_stack = engine().recorder->stack_of_step(step);
}

/// True while an exception flies: what it destroys on its way was not forgotten.
bool exception_flies() {
  struct Globals {  // as the ABI has it
    void* caught;
    unsigned uncaught;
  };
  static auto* globals = reinterpret_cast<Globals* (*)()>(find_in_program("__cxa_get_globals"));
  return globals != nullptr && globals()->uncaught != 0;
}

}  // namespace

void begin_tasks() {
  begin_asio_tasks();
  if (!g_touched) return;
  g_touched = false;
  tasks().clear();
  running().clear();
  alive().clear();
  held_locks().clear();
  thrown().clear();
  g_uncaught = nullptr;
  g_forgotten_count = 0;
}

TaskId begin_task(std::uint64_t function, const RawStack& stack) {
  const TaskId parent = running_task(self());
  const TaskId id = add(nullptr, function, nullptr);
  alive().push_back(id);
  if (engine().recorder == nullptr) return id;
  const Event event = make_event(Operation::task_create, nullptr, nullptr);
  keep_creation(id, engine().recorder->note_task(event, parent, id, nullptr, stack));
  return id;
}

void call_task(TaskId task, std::uint64_t function) { tasks()[task].function = function; }

void resume_task(TaskId id, std::uint64_t frame) {
  const TaskId by = running_task(self());
  if (by == id) return;
  stop_running(id);
  running().push_back({self(), id, frame});
  tasks()[id].state = TaskState::running;
  tasks()[id].wanted = kNoObject;
  tasks()[id].thread = self();
  note(Operation::task_resume, id, by, nullptr, nullptr);
}

void suspend_task(TaskId id, const RawStack& stack) {
  std::uint32_t step = kNoIndex;
  if (engine().recorder != nullptr && !stack.empty()) {
    const Event event = make_event(Operation::task_await, nullptr, nullptr);
    step = engine().recorder->note_task(event, id, kNoTask, nullptr, stack);
  }
  rest(id, step);
}

void end_task(TaskId id) {
  note(Operation::task_finish, id, kNoTask, nullptr, nullptr);
  stop_running(id);
  tasks()[id].state = TaskState::over;
  std::vector<TaskId>& ids = alive();
  std::size_t i = 0;
  while (ids[i] != id) ++i;
  for (; i + 1 < ids.size(); ++i) ids[i] = ids[i + 1];  // in the order of their creation
  ids.pop_back();
}

bool is_running(TaskId task, ThreadId thread) {
  for (const Running& one : running()) {
    if (one.task == task && one.thread == thread) return true;
  }
  return false;
}

TaskId running_task(ThreadId thread) {
  for (std::size_t i = running().size(); i-- > 0;) {
    if (running()[i].thread == thread) return running()[i].task;
  }
  return kNoTask;
}

bool is_tasks_frame(ThreadId thread, std::uint64_t address) {
  std::uint64_t top = 0;  // the outermost task's frames begin below
  for (const Running& one : running()) {
    if (one.thread == thread) {
      top = one.frame;
      break;
    }
  }
  const auto low = reinterpret_cast<std::uint64_t>(engine().fibers.of(thread).stack_low);
  return address < top && address >= low;
}

ThreadId worker(ThreadId thread) {
  const TaskId task = running_task(thread);
  if (task == kNoTask) return thread;
  constexpr unsigned kTaskCount = kNoThread - kThreadCountMax;
  return static_cast<ThreadId>(kThreadCountMax + task % kTaskCount);
}

void add_tasks(Recorder& recorder, Trace& trace) {
  trace.tasks.clear();
  for (const Task& task : tasks()) {
    TraceTask told;
    told.name = task.name;
    // Places hold return addresses, and are looked up one byte before.
    if (task.function != 0) told.function = recorder.place_of(task.function + 1);
    told.creator = task.creator;
    told.parent = task.parent;
    told.create_stack = task.create_stack;
    trace.tasks.push_back(told);
  }
}

void add_waiting_tasks(Finding& finding) {
  for (FindingAccess& thread : finding.accesses) thread.task = running_task(thread.thread);
  for (const TaskId id : alive()) {
    const Task& task = tasks()[id];
    if (task.state != TaskState::suspended && task.state != TaskState::fresh) continue;
    const bool fresh = task.state == TaskState::fresh;
    FindingAccess waiter;
    waiter.thread = task.thread;
    waiter.operation = fresh ? Operation::task_create : Operation::task_await;
    waiter.task = id;
    waiter.stack = fresh ? task.create_stack : task.wait_stack;
    waiter.step = fresh ? kNoIndex : task.wait_step;
    waiter.object = task.wanted;
    waiter.holder_task = holder_of(task.wanted);
    finding.accesses.push_back(waiter);
  }
}

bool tasks_wait_in_circle() {
  for (const TaskId start : alive()) {
    TaskId at = start;
    for (std::size_t hops = 0; hops < alive().size() && at != kNoTask; ++hops) {
      at = holder_of(tasks()[at].wanted);
      if (at == start) return true;
    }
  }
  return false;
}

void note_uncaught(const void* exception) { g_uncaught = exception; }

void add_thrower(const Trace& trace, Finding& finding) {
  for (std::size_t i = thrown().size(); i-- > 0;) {
    const Thrown& one = thrown()[i];
    if (one.object != g_uncaught || one.object == nullptr) continue;
    FindingAccess access;
    access.thread = one.thread;
    access.operation = Operation::task_throw;
    access.task = one.task;
    access.step = one.step;
    access.stack = trace.steps[one.step].stack;
    finding.accesses.push_back(access);
    finding.step = one.step;
    return;
  }
}

void add_forgotten(const Trace& trace, Finding& finding) {
  for (std::uint32_t i = 0; i < trace.steps.size(); ++i) {
    const TraceStep& step = trace.steps[i];
    if (step.event.operation != Operation::task_forget) continue;
    FindingAccess forgotten;
    forgotten.thread = step.event.thread;
    forgotten.operation = Operation::task_forget;
    forgotten.task = step.other_task;
    forgotten.stack = step.stack;
    forgotten.step = i;
    finding.accesses.push_back(forgotten);
  }
  if (finding.accesses.empty()) return;
  finding.step = finding.accesses.front().step;
  finding.stack = finding.accesses.front().stack;
}

void fail_on_forgotten(std::uint64_t pc) {
  if (g_forgotten_count != 0) fail(FindingCode::forgotten, "forgotten", pc);
}

}  // namespace trama::runtime

using namespace trama::runtime;
using trama::kNoTask;
using trama::Operation;
using trama::TaskId;

TRAMA_EXPORT void trama_task_created(const void* task, const void* frame, const char* name) {
  if (!are_noted()) return;
  const TaskId parent = running_task(self());
  const TaskId id = add(task, function_of(frame), name);
  alive().push_back(id);
  keep_creation(id, note(Operation::task_create, parent, id, nullptr, nullptr));
}

TRAMA_EXPORT void trama_task_named(const void* task, const char* name) {
  if (!are_noted()) return;
  const TaskId id = find(task);
  if (id != kNoTask && name != nullptr) tasks()[id].name = name;
}

TRAMA_EXPORT void trama_task_resumed(const void* task) {
  if (!are_noted()) return;
  const TaskId id = find(task);
  if (id == kNoTask) return;
  resume_task(id, reinterpret_cast<std::uint64_t>(__builtin_frame_address(0)));
}

TRAMA_EXPORT void trama_task_suspended(const void* task, const void* pc, const char* what) {
  if (!are_noted()) return;
  const TaskId id = find(task);
  if (id == kNoTask) return;
  rest(id, note(Operation::task_await, id, kNoTask, pc, what));
}

TRAMA_EXPORT void trama_task_threw(const void* task) {
  if (!are_noted() || engine().recorder == nullptr) return;
  const TaskId id = find(task);
  const void* exception = current_exception_object();
  if (id == kNoTask || exception == nullptr) return;
  // Thrown on by the coroutine that awaited the one that threw, or the task.
  if (!thrown().empty() && thrown().back().object == exception) return;
  const std::uint32_t step = note(Operation::task_throw, id, kNoTask, nullptr, nullptr);
  thrown().push_back({exception, id, self(), step});
  if (tasks()[id].wait_step == trama::kNoIndex) return;
  // Where it was thrown nobody knows any more: nearest is the await that the task was at.
  std::vector<trama::TraceStep>& steps = engine().recorder->trace().steps;
  steps[step].stack = tasks()[id].wait_stack;
  steps[step].place = steps[tasks()[id].wait_step].place;
  steps[step].text = steps[tasks()[id].wait_step].text;
}

TRAMA_EXPORT void trama_task_holds(const void* task, const void* lock) {
  if (!are_noted()) return;
  g_touched = true;
  const trama::ObjectId object = object_of_lock(lock);
  const TaskId holder = find(task);
  for (HeldLock& held : held_locks()) {
    if (held.lock != object) continue;
    held.holder = holder;
    return;
  }
  held_locks().push_back({object, holder});
}

TRAMA_EXPORT void trama_task_wants(const void* task, const void* lock) {
  if (!are_noted()) return;
  const TaskId id = find(task);
  if (id != kNoTask) tasks()[id].wanted = object_of_lock(lock);
}

TRAMA_EXPORT void trama_task_finished(const void* task) {
  if (!are_noted()) return;
  const TaskId id = find(task);
  if (id != kNoTask) end_task(id);
}

TRAMA_EXPORT void trama_task_forgotten(const void* frame, const void* pc) {
  if (!g_active || exception_flies()) return;
  g_touched = true;
  ++g_forgotten_count;
  if (!are_noted()) return;
  const TaskId by = running_task(self());
  const TaskId id = add(nullptr, function_of(frame), nullptr);
  tasks()[id].state = TaskState::over;
  const std::uint32_t step = note(Operation::task_forget, by, id, pc, nullptr);
  keep_creation(id, step);
}
