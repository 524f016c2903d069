#include "runtime/engine.hpp"

#include <elf.h>
#include <sys/auxv.h>
#include <sys/mman.h>

#include <cstring>
#include <new>

#include "base/check.hpp"
#include "runtime/annotations.hpp"
#include "runtime/arch.hpp"
#include "runtime/modules.hpp"
#include "runtime/program_symbols.hpp"
#include "runtime/recorder.hpp"
#include "runtime/signal_state.hpp"
#include "runtime/tasks.hpp"

extern "C" {
bool trama_has_fsgsbase = false;
}

namespace trama::runtime {

constinit bool g_active = false;
constinit PlainMode g_plain = PlainMode::ignore;
constinit bool g_started = false;
alignas(Engine) constinit unsigned char g_engine_storage[sizeof(Engine)] = {};

namespace {

constexpr std::uint64_t kShadowAt = 0x100000000000;
constexpr unsigned long kHwcap2Fsgsbase = 2;

void clear_shadow(void* base, std::size_t bytes) {
  TRAMA_CHECK(madvise(base, bytes, MADV_DONTNEED) == 0);
}

void* map_shadow() {
  void* wanted = reinterpret_cast<void*>(kShadowAt);
  void* got = mmap(wanted, kShadowBytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  TRAMA_CHECK(got == wanted);
  // Shadow is touched sparsely: huge pages would cost megabytes for a few cells.
  madvise(got, kShadowBytes, MADV_NOHUGEPAGE);
  madvise(got, kShadowBytes, MADV_DONTDUMP);
  return got;
}

/// Shared, so that what forked executions learn is known to those after them.
std::uint8_t* map_history_marks() {
  void* got = mmap(nullptr, StoreHistory::kMarkBytes, PROT_READ | PROT_WRITE,
                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  TRAMA_CHECK(got != MAP_FAILED);
  return static_cast<std::uint8_t*>(got);
}

}  // namespace

Engine::Engine(void* shadow, std::size_t shadow_bytes, std::uint8_t* history_marks)
    : detector(shadow, shadow_bytes, &clear_shadow, *this),
      scheduler(detector),
      history(history_marks) {}

void start_engine() {
  if (g_started) return;
  g_started = true;
  trama_has_fsgsbase = (getauxval(AT_HWCAP2) & kHwcap2Fsgsbase) != 0;
  find_unwinder("_Unwind_Backtrace");  // before the list is read: it may load a library
  read_modules();
  // Never destroyed: it lives as long as the process.
  new (g_engine_storage) Engine(map_shadow(), kShadowBytes, map_history_marks());
  // Not of the main thread: its storage is never over.
  engine().detector.expect_thread_ends(kStacksAt + kStackBytes + kGuardBytes,
                                       kStacksBytes - kStackBytes - kGuardBytes);
}

std::uint64_t caller_outside_runtime() {
  auto* frame = static_cast<std::uint64_t*>(__builtin_frame_address(0));
  for (int depth = 0; depth < 32 && frame != nullptr; ++depth) {
    const std::uint64_t pc = frame[1];
    if (!is_runtime_code(pc)) return pc;
    frame = reinterpret_cast<std::uint64_t*>(frame[0]);
  }
  return 0;
}

bool g_tidy_steps = false;

__attribute__((noinline)) void wipe_stack() {
  constexpr std::size_t kBytes = 12288;
  char room[kBytes];
  std::memset(room, 0, kBytes);
  asm volatile("" : : "r"(room) : "memory");  // it is of use, though nobody reads it
}

void announce_to_recorder() { engine().recorder->announce(); }

PlainMode plain_mode() {
  const Engine& e = engine();
  const bool look = e.recorder != nullptr || e.survey != nullptr || !e.visible.empty() ||
                    e.watched_address != 0 || e.ignoring_count != 0 ||
                    (e.scheduler.guide() != nullptr && e.scheduler.guide()->watches_writes());
  return look ? PlainMode::look : PlainMode::detect;
}

void enter() {
  Engine& e = engine();
  Fiber* main = &e.fibers.of(kMainThread);
  e.running = main;
  g_plain = plain_mode();
  g_tidy_steps = e.scheduler.guide() != nullptr && e.scheduler.guide()->compares_states();
  g_active = true;
  trama_switch(&e.explorer_stack, main->stack_pointer, main->thread_pointer);
}

void leave() {
  Engine& e = engine();
  g_active = false;
  g_plain = PlainMode::ignore;
  void* gone = nullptr;
  trama_switch(&gone, e.explorer_stack, e.fibers.of(kMainThread).thread_pointer);
  __builtin_unreachable();
}

void fail(FindingCode code, const char* reason, std::uint64_t pc, std::string detail) {
  Engine& e = engine();
  if (!e.failure.present) {
    e.failure.present = true;
    e.failure.code = code;
    e.failure.reason = reason;
    e.failure.detail = static_cast<std::string&&>(detail);
    e.failure.thread = self();
    e.failure.pc = pc;
    if (e.recorder != nullptr) e.recorder->announce();
  }
  scheduler().end(EndReason::finished);
  leave();
}

void fail_on_memory(const char* reason, Operation operation, std::uint64_t address, unsigned size,
                    std::uint64_t pc) {
  Failure& failure = engine().failure;
  if (!failure.present) {
    failure.address = address;
    failure.size = size;
    failure.operation = operation;
  }
  fail(FindingCode::use_after_free, reason, pc);
}

namespace {

/// Tells a deadlock apart: a cycle of locks and joins, a notify that came too early, or
/// threads that simply wait for ever.
void diagnose_deadlock() {
  Engine& e = engine();
  Scheduler& s = e.scheduler;
  const char* reason = "deadlock-blocked";
  FindingCode code = FindingCode::deadlock;
  ThreadId blamed = kNoThread;
  for (unsigned i = 0; i < s.thread_count(); ++i) {
    const auto start = static_cast<ThreadId>(i);
    if (s.state(start).is_over()) continue;
    if (blamed == kNoThread) blamed = start;
    ThreadId at = start;
    for (unsigned hops = 0; hops <= s.thread_count() && at != kNoThread; ++hops) {
      at = s.blocker_of(at);
      if (at == start) {
        reason = "deadlock-cycle";
        blamed = start;
      }
      if (at == kNoThread || !s.state(at).is_over()) continue;
      if (reason[9] == 'b') {
        reason = "deadlock-holder-ended";
        blamed = start;
      }
      break;
    }
  }
  if (reason[9] == 'b' && tasks_wait_in_circle()) reason = "deadlock-tasks-cycle";
  // While a loop waits for the world, who else sleeps waits for work that the loop would bring.
  bool loop_waits = false;
  for (unsigned i = 0; i < s.thread_count(); ++i) {
    const ThreadState& state = s.state(static_cast<ThreadId>(i));
    loop_waits = loop_waits || (state.status != ThreadStatus::finished &&
                                state.pending.operation == Operation::poll);
  }
  // Only a recorded execution knows whether a wake-up was lost.
  if (reason[9] == 'b' && !loop_waits && e.recorder != nullptr) {
    for (unsigned i = 0; i < s.thread_count(); ++i) {
      const auto thread = static_cast<ThreadId>(i);
      if (code == FindingCode::lost_wakeup || !s.missed_its_wakeup(thread)) continue;
      blamed = thread;
      if (e.recorder->wait_watch().slept_through(thread)) {
        reason = "lost-wakeup";
        code = FindingCode::lost_wakeup;
      } else {
        reason = "deadlock-notified";
      }
    }
  }
  e.failure.present = true;
  e.failure.code = code;
  e.failure.reason = reason;
  e.failure.detail.clear();
  e.failure.thread = blamed;
  e.failure.pc = blamed == kNoThread ? 0 : s.state(blamed).pending.pc;
}

void diagnose_livelock() {
  Engine& e = engine();
  Scheduler& s = e.scheduler;
  e.failure.present = true;
  e.failure.code = FindingCode::livelock;
  e.failure.reason = s.livelock_is_proven() ? "livelock" : "livelock-in-vain";
  e.failure.detail.clear();
  e.failure.thread = kNoThread;
  bool spinning = false;  // else its rounds are waits that end by time
  for (unsigned i = 0; i < s.thread_count(); ++i) {
    spinning = spinning || s.state(static_cast<ThreadId>(i)).spin.spinning();
  }
  for (unsigned i = 0; i < s.thread_count(); ++i) {
    const ThreadState& state = s.state(static_cast<ThreadId>(i));
    const bool loops = state.spin.spinning() || (!spinning && state.pending.deadline_ns != 0);
    if (!loops || e.failure.thread != kNoThread) continue;
    e.failure.thread = static_cast<ThreadId>(i);
    e.failure.pc = state.pending.pc;
  }
}

}  // namespace

void leave_for_want_of_steps() {
  Engine& e = engine();
  if (!e.failure.present) {
    if (e.scheduler.end_reason() == EndReason::deadlock) diagnose_deadlock();
    if (e.scheduler.end_reason() == EndReason::livelock) diagnose_livelock();
  }
  leave();
}

void before_switch() { engine().recorder->settle_write(); }

void Engine::on_ended_storage(const Race& race) {
  if (is_foreign_data(race.address)) return;
  fail(FindingCode::use_after_free, "thread-storage-ended", caller_outside_runtime());
}

void check_object_of(const Event& event) {
  // Waking who waits at a futex needs no memory: the library's latches and semaphores do so after
  // their waiter may have gone on and freed them.
  if (event.operation == Operation::futex_wake) return;
  if (!engine().detector.is_forbidden(event.address)) return;
  fail_on_memory("use-after-free", event.operation, event.address, event.size, event.pc);
}

void look_at_new_object(const Event& event, ObjectKind kind) {
  // Of these two the race detector hears as well, when the access is made.
  if (kind != ObjectKind::atomic && kind != ObjectKind::memory) check_object_of(event);
}

void Engine::on_use_after_free(std::uintptr_t address, unsigned size, AccessKind kind) {
  Operation operation = is_write(kind) ? Operation::write : Operation::read;
  // Which atomic operation it is stands in what the thread announced.
  if (is_atomic(kind)) operation = scheduler.state(scheduler.current()).pending.operation;
  fail_on_memory("use-after-free", operation, address, size, caller_outside_runtime());
}

void Engine::on_race(const Race& race) {
  if (race.previous_clock == kClockMax) return on_ended_storage(race);
  if (is_foreign_data(race.address) || is_benign(race.address, race.size)) return;
  const std::uint64_t pc = caller_outside_runtime();
  race_places.push_back(pc);
  race_granules.push_back(race.address & ~(Visible::kGranule - 1));
  if (first_race.present) return;
  first_race.present = true;
  first_race.race = race;
  first_race.pc = pc;
  // An atomic access is recorded after it was judged: its step ends the execution.
  if (stop_at_race && (recorder == nullptr || !race.current_is_atomic)) {
    scheduler.end(EndReason::finished);
    leave();
  }
}

}  // namespace trama::runtime
