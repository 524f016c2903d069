// Engine: what is running now, inside the user's process.
//
// One kernel thread runs two kinds of context in turn: the *explorer* (session.cpp or a
// trama::check call), on the stack where the process started, and the *fibers*, one for each
// thread of the program. `g_active` tells which: true while a fiber runs the program under
// control. Every ABI entry point looks at it first, and where it is false does what the
// process would have done without us.
//
//     explorer ── enter() ──► fiber of main ── point() ──► other fibers … ── leave() ──► explorer
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "memory/race_detector.hpp"
#include "memory/store_history.hpp"
#include "runtime/arch.hpp"
#include "runtime/fiber.hpp"
#include "runtime/visible.hpp"
#include "schedule/scheduler.hpp"
#include "trace/trace.hpp"

namespace trama::runtime {

/// How plain accesses are treated.
enum class PlainMode : std::uint8_t {
  ignore,  ///< no controlled execution
  detect,  ///< race detection only: the fast path
  look,    ///< some places are visible, or an address is watched: look at each access
};

/// A finding as the running execution noticed it: enough to tell it apart; the recorded
/// second run of the same schedule adds stacks.
struct Failure {
  bool present = false;
  FindingCode code{};
  const char* reason = "";
  std::string detail;
  ThreadId thread = kNoThread;
  std::uint64_t pc = 0;
  // Use after free: what was done to which memory; the address is 0 for all other findings.
  std::uint64_t address = 0;
  unsigned size = 0;
  Operation operation{};
};

struct RaceSeen {
  bool present = false;
  Race race{};
  std::uint64_t pc = 0;
};

/// Called between a recorded step's choice and its effect; see recorder.hpp.
class Recorder;
class Survey;

struct Engine final : RaceListener {
  Engine(void* shadow, std::size_t shadow_bytes, std::uint8_t* history_marks);

  void on_race(const Race& race) override;
  /// Memory of a thread that is over was used.
  void on_ended_storage(const Race& race);
  void on_use_after_free(std::uintptr_t address, unsigned size, AccessKind kind) override;

  RaceDetector detector;
  Scheduler scheduler;
  StoreHistory history;  ///< in a hunt: what atomic loads may read
  FiberPool fibers;
  Visible visible;                    ///< plain accesses that are choice points
  Recorder* recorder = nullptr;       ///< while an execution is recorded
  Survey* survey = nullptr;           ///< while an execution is only looked over
  Failure failure;                    ///< of the running or last execution
  RaceSeen first_race;                ///< of the running or last execution
  std::uint64_t watched_address = 0;  ///< 8-byte granule whose plain accesses are recorded
  std::uint64_t random_state = 0;     ///< getrandom and friends
  std::uint64_t turn_step = 0;        ///< the step after which plain accesses are counted
  std::uint64_t turn_left = 0;        ///< so many until the thread yields; see Visible::turn
  std::uint64_t ignoring_count = 0;   ///< begun and not ended; see annotations.hpp
  bool spin_watched = false;          ///< plain writes are looked at: see spin_watch.cpp
  bool stop_at_race = false;          ///< the recorded run of a race ends there
  bool find_leaks = false;            ///< the normal end of an execution asks what is left
  bool network_real = false;          ///< connections may leave the program
  std::uint32_t fault_kinds = ~0U;    ///< bits of IoFault: of these a call may meet
  bool session = false;               ///< the whole program is explored (else trama::check)
  bool unwinding = false;             ///< a crash now: the program overwrote its stack
  std::uint64_t execution_count = 0;  ///< begun by this process
  int exit_status = 0;
  std::vector<std::uint64_t> race_granules;  ///< memory that raced in this execution
  std::vector<std::uint64_t> race_places;    ///< code addresses that raced in this execution
  Fiber* running = nullptr;
  void* explorer_stack = nullptr;
};

// Hidden by name, so that compiled code reaches them without the table of a shared library.
#define TRAMA_HIDDEN __attribute__((visibility("hidden")))
extern TRAMA_HIDDEN bool g_active;
extern TRAMA_HIDDEN PlainMode g_plain;
extern TRAMA_HIDDEN bool g_started;
/// Where the engine stands: a constant address, which the hot paths need not load.
extern TRAMA_HIDDEN unsigned char g_engine_storage[];

/// While one lives, calls into the process's libraries (the unwinder, say) are not the
/// program's: they pass through as if there were no control.
class OutOfControl {
 public:
  OutOfControl() : active_(g_active), plain_(g_plain) {
    g_active = false;
    g_plain = PlainMode::ignore;
  }
  ~OutOfControl() {
    g_active = active_;
    g_plain = plain_;
  }
  OutOfControl(const OutOfControl&) = delete;
  OutOfControl& operator=(const OutOfControl&) = delete;

 private:
  bool active_;
  PlainMode plain_;
};

inline Engine& engine() { return *reinterpret_cast<Engine*>(g_engine_storage); }
inline Scheduler& scheduler() { return engine().scheduler; }
inline ThreadId self() { return engine().scheduler.current(); }

/// Makes the engine; once a process.
void start_engine();

/// How plain accesses are treated while an execution runs.
PlainMode plain_mode();

/// The bytes are new: what was known of their former life no longer counts.
inline void begin_memory(std::uintptr_t address, std::size_t bytes) {
  engine().detector.on_alloc(address, bytes);
  engine().history.forget(address, bytes);
}

/// From the explorer: runs the fiber of the main thread until the execution ends.
void enter();
/// From a fiber: the execution is over. Does not return.
[[noreturn]] void leave();
/// From a fiber: ends the execution with a finding. Does not return.
[[noreturn]] void fail(FindingCode code, const char* reason, std::uint64_t pc,
                       std::string detail = {});

/// The same, where `operation` is done to memory that it must not be done to: USE-AFTER-FREE.
[[noreturn]] void fail_on_memory(const char* reason, Operation operation, std::uint64_t address,
                                 unsigned size, std::uint64_t pc);

/// Set while some thread is to run a signal's handler: `go` looks at it.
extern TRAMA_HIDDEN unsigned g_signalled_count;
/// The current thread is switched to: runs the handlers that it was interrupted for, then goes
/// on to the step that they came before. In signal_state.cpp.
void take_signals();

/// What the runtime leaves below the program's frames stands later in variables that a function has
/// not set yet. Where states of threads are compared it is wiped behind each step: what is left must
/// not tell which execution this is.
extern TRAMA_HIDDEN bool g_tidy_steps;
void wipe_stack();

/// From a fiber: the execution ends where nobody can go on.
[[noreturn]] void leave_for_want_of_steps();
/// Of a recorded execution: the running thread has done what it did since its last step.
void before_switch();

/// Switches to `next`'s fiber, or ends the execution where it is kNoThread. Part of its caller, so
/// that what comes back from a switch has few returns to make: the processor guesses them wrong.
[[gnu::always_inline]] inline void go(ThreadId next) {
  if (__builtin_expect(next == kNoThread, 0)) leave_for_want_of_steps();
  Engine& e = engine();
  Fiber* from = e.running;
  Fiber* to = &e.fibers.of(next);
  if (from != to) {
    if (__builtin_expect(e.recorder != nullptr, 0)) before_switch();
    e.running = to;
    trama_switch(&from->stack_pointer, to->stack_pointer, to->thread_pointer);
  }
  if (__builtin_expect(g_signalled_count != 0, 0)) take_signals();
  if (__builtin_expect(g_tidy_steps, 0)) wipe_stack();
}

/// The object that the current thread is about to use, after others had their turn, must still be
/// there.
void check_object_of(const Event& event);

/// Notes where the current thread stands, for the recorder.
void announce_to_recorder();

/// Where the thread that announced `event` is not `next`: returns when it is its turn.
[[gnu::always_inline]] inline void go_on_and_check(ThreadId next, const Event& event) {
  go(next);
  if (event.object != kNoObject) check_object_of(event);
}

/// Announces the current thread's next step and returns when it is its turn.
[[gnu::always_inline]] inline void point(const Event& event) {
  if (__builtin_expect(engine().recorder != nullptr, 0)) announce_to_recorder();
  const ThreadId me = self();
  const ThreadId next = scheduler().announce(event);
  if (next != me) {
    go_on_and_check(next, event);
  } else if (__builtin_expect(g_tidy_steps, 0)) {
    wipe_stack();
  }
}

/// For what is no choice but under a guide, to whom every step is one.
inline void point_if_guided(const Event& event) {
  if (__builtin_expect(scheduler().guide() != nullptr, 0)) point(event);
}

/// The same for an event that `scheduler().prepare()` returned.
[[gnu::always_inline]] inline void point_prepared() {
  if (__builtin_expect(engine().recorder != nullptr, 0)) announce_to_recorder();
  const ThreadId me = self();
  const ThreadId next = scheduler().announce_prepared();
  if (next != me || __builtin_expect(g_tidy_steps, 0)) go(next);
}

inline Event make_event(Operation operation, const void* address, void* pc) {
  Event event;
  event.operation = operation;
  event.thread = self();
  event.address = reinterpret_cast<std::uint64_t>(address);
  event.pc = reinterpret_cast<std::uint64_t>(pc);
  return event;
}

/// An object begins to exist for us: the memory it stands in must not have been freed.
void look_at_new_object(const Event& event, ObjectKind kind);

/// The synchronisation object at event.address.
inline ObjectId object_of(Event& event, ObjectKind kind) {
  ObjectTable& objects = scheduler().objects();
  const ObjectId count = objects.size();
  event.object = objects.find_or_make(event.address, kind);
  if (objects.size() != count) look_at_new_object(event, kind);
  return event.object;
}

/// Notes a call of something that is not controlled; once for each symbol.
void note_blind(const char* symbol, void* pc);
/// The same for a call of syscall(), where its number blocks or synchronises.
void note_blind_number(long number, void* pc);
/// Where the notes go: lines `symbol module offset`, cut when full.
void set_blind_list(char* list, std::size_t bytes);

/// The first return address above the runtime's own frames. Requires frame pointers, which
/// the runtime is compiled with.
std::uint64_t caller_outside_runtime();

}  // namespace trama::runtime

#define TRAMA_PC    __builtin_return_address(0)
#define TRAMA_FRAME __builtin_frame_address(0)
