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
};

struct RaceSeen {
  bool present = false;
  Race race{};
  std::uint64_t pc = 0;
};

/// Called between a recorded step's choice and its effect; see recorder.hpp.
class Recorder;

struct Engine final : RaceListener {
  explicit Engine(void* shadow, std::size_t shadow_bytes);

  void on_race(const Race& race) override;

  RaceDetector detector;
  Scheduler scheduler;
  FiberPool fibers;
  Visible visible;                    ///< plain accesses that are choice points
  Recorder* recorder = nullptr;       ///< while an execution is recorded
  Failure failure;                    ///< of the running or last execution
  RaceSeen first_race;                ///< of the running or last execution
  std::uint64_t watched_address = 0;  ///< 8-byte granule whose plain accesses are recorded
  std::uint64_t random_state = 0;     ///< getrandom and friends
  std::uint64_t ignoring_count = 0;   ///< begun and not ended; see annotations.hpp
  std::uint64_t idle_steps = 0;       ///< yields and clock readings since anything else
  bool stop_at_race = false;          ///< the recorded run of a race ends there
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

/// From the explorer: runs the fiber of the main thread until the execution ends.
void enter();
/// From a fiber: the execution is over. Does not return.
[[noreturn]] void leave();
/// From a fiber: ends the execution with a finding. Does not return.
[[noreturn]] void fail(FindingCode code, const char* reason, std::uint64_t pc,
                       std::string detail = {});

/// Switches to `next`'s fiber, or ends the execution where it is kNoThread.
void go(ThreadId next);

/// Notes where the current thread stands, for the recorder.
void announce_to_recorder();

/// Announces the current thread's next step and returns when it is its turn.
inline void point(const Event& event) {
  if (__builtin_expect(engine().recorder != nullptr, 0)) announce_to_recorder();
  const ThreadId me = self();
  const ThreadId next = scheduler().announce(event);
  if (next != me) go(next);
}

/// The same for an event that `scheduler().prepare()` returned.
inline void point_prepared() {
  if (__builtin_expect(engine().recorder != nullptr, 0)) announce_to_recorder();
  const ThreadId me = self();
  const ThreadId next = scheduler().announce_prepared();
  if (next != me) go(next);
}

inline Event make_event(Operation operation, const void* address, void* pc) {
  Event event;
  event.operation = operation;
  event.thread = self();
  event.address = reinterpret_cast<std::uint64_t>(address);
  event.pc = reinterpret_cast<std::uint64_t>(pc);
  return event;
}

/// The synchronisation object at event.address.
inline ObjectId object_of(Event& event, ObjectKind kind) {
  event.object = scheduler().objects().find_or_make(event.address, kind);
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

#define TRAMA_PC __builtin_return_address(0)
