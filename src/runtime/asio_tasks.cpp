#include "runtime/asio_tasks.hpp"

#include <unwind.h>

#include <cstring>
#include <vector>

#include "runtime/code_origin.hpp"
#include "runtime/engine.hpp"
#include "runtime/heap.hpp"
#include "runtime/modules.hpp"
#include "runtime/program_symbols.hpp"
#include "runtime/recorder.hpp"
#include "runtime/survey.hpp"
#include "runtime/tasks.hpp"

namespace trama::runtime {
namespace {

// A frame, as compilers lay it out: where it goes on, where it is destroyed, the promise. And the
// promise, as Asio lays it out since its first coroutines (1.66 of Boost): awaitable_frame_base.
constexpr std::uint64_t kPromise = 16;
constexpr std::uint64_t kHandle = kPromise;        // coro_: the frame itself
constexpr std::uint64_t kAttached = kPromise + 8;  // attached_thread_: set while it is pumped
constexpr std::uint64_t kCaller = kPromise + 16;   // caller_: the promise of who awaits it
constexpr std::uint64_t kHead = kPromise + 24;

/// The frame of a coroutine, of Asio's or not: that shows when it first runs.
struct Frame {
  std::uint64_t base = 0;
  std::uint64_t function = 0;     // its first word, until it is done
  bool is_done = false;           // it does not go on; soon it pops itself
  ThreadId attacher = kNoThread;  // who wrote last by whom it is pumped
  TaskId task = kNoTask;          // known once it has run
  bool is_root = false;           // its task's outermost coroutine
  std::uint64_t last_pc = 0;      // in its own code
};

/// A task of Asio's.
struct Spawned {
  TaskId task = kNoTask;
  std::uint64_t root = 0;  // its outermost frame
  std::uint64_t top = 0;   // the frame that ran last
  bool is_over = false;
  bool is_named = false;  // by a function that is not Asio's own
};

/// By base.
std::vector<Frame>& frames() {
  static auto* list = new std::vector<Frame>;
  return *list;
}
std::vector<Spawned>& spawned() {
  static auto* list = new std::vector<Spawned>;
  return *list;
}
/// By thread: a first word that it is about to write; 0: none.
std::vector<std::uint64_t>& pending() {
  static auto* list = new std::vector<std::uint64_t>;
  return *list;
}

std::uint64_t word(std::uint64_t address) {
  std::uint64_t value = 0;
  std::memcpy(&value, reinterpret_cast<const void*>(address), sizeof value);
  return value;
}

/// Whether `address` may be read, for all that the program may have done to a pointer.
bool is_readable(std::uint64_t address) {
  if (g_program_heap.owns(reinterpret_cast<const void*>(address))) return true;
  const Fiber* fiber = engine().fibers.stack_holder(address);
  return fiber != nullptr && address >= reinterpret_cast<std::uint64_t>(fiber->stack_low) &&
         address + 8 <= reinterpret_cast<std::uint64_t>(fiber->stack_top);
}

/// The index of the first frame that begins behind `address`.
std::size_t behind(std::uint64_t address) {
  std::size_t low = 0;
  std::size_t high = frames().size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (frames()[middle].base <= address) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

Frame* frame_at(std::uint64_t base) {
  const std::size_t i = behind(base);
  return i == 0 || frames()[i - 1].base != base ? nullptr : &frames()[i - 1];
}

/// The frame in whose block `address` lies.
Frame* frame_around(std::uint64_t address) {
  const std::size_t i = behind(address);
  if (i == 0) return nullptr;
  Frame& frame = frames()[i - 1];
  const auto* block = reinterpret_cast<const void*>(frame.base);
  return Heap::is_live(block) && address - frame.base < Heap::size_of(block) ? &frame : nullptr;
}

bool is_block(std::uint64_t address) {
  const auto* block = reinterpret_cast<const void*>(address);
  return address % 16 == 0 && g_program_heap.owns(block) && Heap::is_live(block) &&
         Heap::size_of(block) >= kHead;
}

/// Whether Asio pumps it now.
bool is_attached(const Frame& frame) {
  return word(frame.base + kHandle) == frame.base && word(frame.base + kAttached) != 0;
}

Spawned* spawned_of(TaskId task) {
  for (std::size_t i = spawned().size(); i-- > 0;) {
    if (spawned()[i].task == task) return &spawned()[i];
  }
  return nullptr;
}

void spawn(Frame& root) {
  const bool recorded = engine().recorder != nullptr;
  root.is_root = true;
  root.task = begin_task(root.function, recorded ? Recorder::unwind() : RawStack());
  Spawned own;
  own.task = root.task;
  own.root = own.top = root.base;
  spawned().push_back(own);
}

/// Who awaits the frame; null: nobody that is known.
Frame* caller_of(const Frame& frame) {
  const std::uint64_t promise = word(frame.base + kCaller);
  Frame* caller = promise == 0 ? nullptr : frame_at(promise - kPromise);
  return caller != nullptr && word(caller->base + kHandle) == caller->base ? caller : nullptr;
}

/// Finds the task of a frame that is pumped, for the first time. kNoTask: it is none for certain.
TaskId find_task(Frame& frame) {
  Frame* root = &frame;
  Frame* outermost = nullptr;  // whose code is not Asio's
  for (std::size_t hops = 0; word(root->base + kCaller) != 0; ++hops) {
    if (origin_of(root->function) == Origin::user) outermost = root;
    root = caller_of(*root);
    if (root == nullptr || hops > frames().size()) return kNoTask;
  }
  // The two ways to the root must agree: awaitable_thread begins with it.
  const std::uint64_t pump = word(frame.base + kAttached);
  if (!is_readable(pump) || word(pump) != root->base + kPromise) return kNoTask;
  if (!root->is_root) spawn(*root);
  frame.task = root->task;
  Spawned& own = *spawned_of(root->task);
  if (!own.is_named && outermost != nullptr) {
    own.is_named = true;
    call_task(root->task, outermost->function);
  }
  return frame.task;
}

TaskId task_of(Frame& frame) { return frame.task != kNoTask ? frame.task : find_task(frame); }

bool runs_on(const Frame& frame, ThreadId thread) {
  return frame.attacher == thread && is_attached(frame);
}

/// Where the coroutines stand from `top` outwards, each in its own code. Empty where only Asio's
/// own do, as before the first step of a task: that is nothing a person awaits.
RawStack stack_from(std::uint64_t top) {
  RawStack stack;
  bool any = false;
  Frame* frame = frame_at(top);
  for (std::size_t hops = 0; frame != nullptr && hops <= frames().size(); ++hops) {
    if (frame->last_pc != 0) stack.push_back(frame->last_pc);
    any = any || origin_of(frame->function) == Origin::user;
    frame = caller_of(*frame);
  }
  if (!any) stack.clear();
  return stack;
}

/// The task that `thread` runs may await since the last look.
void settle_running(ThreadId thread) {
  for (;;) {
    const TaskId task = running_task(thread);
    Spawned* own = task == kNoTask ? nullptr : spawned_of(task);
    if (own == nullptr) return;
    const Frame* top = frame_at(own->top);
    if (top != nullptr && runs_on(*top, thread)) return;
    for (Frame& frame : frames()) {
      if (!runs_on(frame, thread) || task_of(frame) != task) continue;
      own->top = frame.base;
      return;
    }
    const Frame* root = frame_at(own->root);
    if (root == nullptr || root->is_done) {
      end_task(task);
      own->is_over = true;
      continue;
    }
    suspend_task(task, stack_from(own->top));
  }
}

void drop(std::size_t index) {
  const Frame frame = frames()[index];
  for (std::size_t i = index; i + 1 < frames().size(); ++i) frames()[i] = frames()[i + 1];
  frames().pop_back();
  if (!frame.is_root) return;
  Spawned& own = *spawned_of(frame.task);
  if (!own.is_over) end_task(frame.task);
  own.is_over = true;
}

void forget(std::uint64_t base) {
  const std::size_t i = behind(base);
  if (i != 0 && frames()[i - 1].base == base) drop(i - 1);
}

/// The first word of a block was written: a frame begins, or is over.
void settle_first_word(ThreadId thread) {
  if (thread >= pending().size() || pending()[thread] == 0) return;
  const std::uint64_t base = pending()[thread];
  pending()[thread] = 0;
  const std::uint64_t function = word(base);
  if (Frame* known = frame_at(base); known != nullptr) {
    known->is_done |= function == 0;
    if (function == 0 || (function == known->function && !known->is_done)) return;
    forget(base);
  }
  if (!is_block(base) || !begins_function(function)) return;
  const std::size_t at = behind(base);
  frames().emplace_back();
  for (std::size_t i = frames().size() - 1; i > at; --i) frames()[i] = frames()[i - 1];
  frames()[at] = Frame{};
  frames()[at].base = base;
  frames()[at].function = function;
  // What stood there before was another's.
  if (Survey* survey = engine().survey; survey != nullptr) {
    survey->forget(base, base + Heap::size_of(reinterpret_cast<const void*>(base)));
  }
  if (origin_of(function) == Origin::entry_point) spawn(frames()[at]);
}

void note_first_word(ThreadId thread, std::uint64_t base) {
  if (thread >= pending().size()) pending().resize(thread + 1U, 0);
  pending()[thread] = base;
}

/// Looks outwards from the coroutine's code for the program's own that called Asio's.
struct LoopSearch {
  std::uint64_t coroutine = 0;
  std::uint64_t end = 0;  // of the frames of Asio's loop
};
_Unwind_Reason_Code look_outwards(_Unwind_Context* context, void* argument) {
  auto& search = *static_cast<LoopSearch*>(argument);
  static auto* get_ip = reinterpret_cast<decltype(&_Unwind_GetIP)>(find_unwinder("_Unwind_GetIP"));
  static auto* get_end =
      reinterpret_cast<decltype(&_Unwind_GetCFA)>(find_unwinder("_Unwind_GetCFA"));
  const std::uint64_t pc = get_ip(context);
  if (pc == 0) return _URC_END_OF_STACK;
  if (is_runtime_code(pc)) return _URC_NO_REASON;
  const std::uint64_t function = function_at(pc);
  if (function == search.coroutine) return _URC_NO_REASON;
  search.end = get_end(context);  // where the frame of what it called ends
  return origin_of(function) == Origin::user ? _URC_END_OF_STACK : _URC_NO_REASON;
}

/// Below it stand the frames of the loop that pumps the coroutine, and all that it calls: another
/// task's will stand there next.
std::uint64_t end_of_loop(const Frame& frame) {
  const OutOfControl unwinding;
  static auto* backtrace =
      reinterpret_cast<decltype(&_Unwind_Backtrace)>(find_unwinder("_Unwind_Backtrace"));
  LoopSearch search{frame.function, reinterpret_cast<std::uint64_t>(__builtin_frame_address(0))};
  engine().unwinding = true;
  if (backtrace != nullptr) backtrace(&look_outwards, &search);
  engine().unwinding = false;
  return search.end;
}

/// The thread touches a frame that it pumps: so that is what it runs.
void note_run(ThreadId thread, Frame& frame) {
  const TaskId task = task_of(frame);
  if (task == kNoTask) return;
  spawned_of(task)->top = frame.base;
  if (running_task(thread) == task) return;
  // What it runs inside another still runs, and only looks at the other's memory.
  if (is_running(task, thread)) return;
  resume_task(task, end_of_loop(frame));
}

}  // namespace

void begin_asio_tasks() {
  frames().clear();
  spawned().clear();
  pending().clear();
}

void look_for_asio_tasks(std::uint64_t address, const void* pc) {
  const ThreadId thread = self();
  settle_asio_tasks(thread);
  Frame* frame = frame_around(address);
  if (frame == nullptr || !runs_on(*frame, thread)) return;
  note_run(thread, *frame);
  const auto at = reinterpret_cast<std::uint64_t>(pc);
  if (function_at(at) == frame->function) frame->last_pc = at;
}

void note_asio_write(std::uint64_t address, unsigned size) {
  const ThreadId thread = self();
  if (Frame* frame = frame_around(address); frame != nullptr) {
    if (address < frame->base + 8) note_first_word(thread, frame->base);
    const std::uint64_t attached = frame->base + kAttached;
    if (address < attached + 8 && attached < address + size) frame->attacher = thread;
  } else if (size >= 8 && is_block(address)) {
    note_first_word(thread, address);
  }
}

void settle_asio_tasks(ThreadId thread) {
  settle_first_word(thread);
  settle_running(thread);
}

bool is_asios_own(const void* pc) {
  if (spawned().empty()) return false;
  return origin_of(function_at(reinterpret_cast<std::uint64_t>(pc))) >= Origin::asio;
}

void forget_asio_frame(std::uint64_t block) {
  settle_first_word(self());
  forget(block);
}

}  // namespace trama::runtime
