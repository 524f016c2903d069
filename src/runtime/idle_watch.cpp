#include "runtime/idle_watch.hpp"

#include <signal.h>
#include <unwind.h>

#include "runtime/arch.hpp"
#include "runtime/child_process.hpp"
#include "runtime/engine.hpp"
#include "runtime/heap.hpp"
#include "runtime/io_wait.hpp"
#include "runtime/libc_epoll.hpp"
#include "runtime/mappings.hpp"
#include "runtime/memory_state.hpp"
#include "runtime/modules.hpp"
#include "runtime/program_symbols.hpp"
#include "runtime/signal_state.hpp"
#include "runtime/syscall_guard.hpp"
#include "runtime/timerfd.hpp"

namespace trama::runtime {

volatile bool g_in_tick = false;
bool g_tidy = false;

namespace {

/// So many rounds alike before one is watched; after one in vain twice as many.
constexpr std::uint64_t kAlikeMin = 8;
/// So many are then watched: the first ones find traces of what came before.
constexpr unsigned kWatchedMax = 6;

// Where a round asks for nothing but the time, time leaps: by a part of what has passed already,
// so that nobody is woken late by more than that; and never within the first day.
constexpr std::uint64_t kDayNs = 86'400'000'000'000;
constexpr std::uint64_t kLeapPart = 16;
/// Who has waited so long in one state waits for ever.
constexpr std::uint64_t kCenturyNs = 36'525 * kDayNs;

/// The steps of a round that is watched.
class Steps final : public StepListener {
 public:
  void begin(StepListener* other) {
    other_ = other;
    idle = true;
    ticks_taken = false;
    for (bool& one : ran) one = false;
  }
  void on_step(const Event& event, std::uint32_t alternatives, std::uint64_t time_ns) override {
    ran[event.thread] = true;
    judge(event);
    if (other_ != nullptr) other_->on_step(event, alternatives, time_ns);
  }

  bool idle = true;          ///< nothing but waiting
  bool ticks_taken = false;  ///< the program's own code was told of time
  bool ran[kThreadCountMax] = {};

 private:
  void judge(const Event& event) {
    switch (event.operation) {
      case Operation::lock:
      case Operation::try_lock:
      case Operation::unlock:
      case Operation::wake:
      case Operation::yield:
      case Operation::notify_one:
      case Operation::notify_all: return;
      case Operation::poll:
        // Recorded twice: as it begins to wait (failed, not yet) and as it ends.
        if (event.outcome == Outcome::timed_out) ticks_taken = true;
        return;
      case Operation::fd_read: ticks_taken = true; [[fallthrough]];
      case Operation::fd_write: idle = idle && is_timer(event); return;
      default: idle = idle && is_atomic(event.operation); return;
    }
  }
  static bool is_timer(const Event& event);

  StepListener* other_ = nullptr;
};

bool Steps::is_timer(const Event& event) { return is_timerfd_object(event.object); }

/// The registers of a thread's code as it began to wait: last in `round`, and before that.
struct Capture {
  std::uint64_t hash = 0;
  std::uint64_t round = 0;
  std::uint64_t hash_before = 0;
  std::uint64_t round_before = 0;
};

struct Watch {
  std::uint64_t rounds = 0;
  std::uint64_t reference = 0;  // the signature that others are compared with
  std::uint64_t step_count = 0;
  std::uint64_t alike = 0;
  std::uint64_t next_try = kAlikeMin;
  // Of the round that is watched.
  bool armed = false;
  bool watching = false;
  std::uint64_t number = 0;
  std::uint64_t state = 0;
  std::uint64_t answers = 0;
  bool asked = false;
  bool asked_time = false;
  unsigned watched = 0;
  // Since when all rounds have been alike, and what the last one that was watched ended in.
  std::uint64_t since_ns = 0;
  bool leaps = false;
  std::uint64_t resting_state = 0;
  StepListener* listener = nullptr;
};

Watch g_watch;
Steps g_steps;
Capture g_captures[kThreadCountMax];
bool g_touched = false;

/// Where the frames of the program begin, above the runtime's own, which hold times.
std::uint64_t program_stack(const std::uint64_t* frame, const Fiber& fiber) {
  const auto low = reinterpret_cast<std::uint64_t>(fiber.stack_low);
  const auto high = reinterpret_cast<std::uint64_t>(fiber.stack_top);
  for (;;) {
    const auto at = reinterpret_cast<std::uint64_t>(frame);
    if (at < low || at + 16 > high) return 0;
    if (!is_runtime_code(frame[1])) return at + 16;
    frame = reinterpret_cast<const std::uint64_t*>(frame[0]);
  }
}

_Unwind_Reason_Code look_at_frame(_Unwind_Context* context, void* argument) {
  static auto* get_ip = reinterpret_cast<decltype(&_Unwind_GetIP)>(find_unwinder("_Unwind_GetIP"));
  static auto* get_register =
      reinterpret_cast<decltype(&_Unwind_GetGR)>(find_unwinder("_Unwind_GetGR"));
  const std::uint64_t pc = get_ip(context);
  if (pc == 0) return _URC_END_OF_STACK;
  if (is_runtime_code(pc)) return _URC_NO_REASON;
  std::uint64_t hash = mix(1, pc);
  for (const int number : kPreservedRegisters) hash = mix(hash, get_register(context, number));
  *static_cast<std::uint64_t*>(argument) = hash;
  return _URC_END_OF_STACK;
}

std::uint64_t left_until(std::uint64_t deadline_ns) {
  return deadline_ns == 0 ? 0 : deadline_ns - scheduler().now_ns();
}

/// What is seen without looking into memory.
std::uint64_t signature(std::uint64_t steps) {
  const Scheduler& s = scheduler();
  std::uint64_t hash = mix(s.thread_count(), steps);
  for (unsigned i = 0; i < s.thread_count(); ++i) {
    const ThreadState& state = s.state(static_cast<ThreadId>(i));
    hash = mix(hash, static_cast<std::uint64_t>(state.status));
    if (state.status == ThreadStatus::finished) continue;
    const Event& pending = state.pending;
    hash = mix(hash, static_cast<std::uint64_t>(pending.operation));
    hash = mix(hash, pending.object | std::uint64_t{pending.mutex} << 32U);
    hash = mix(hash, pending.pc);
    hash = mix(hash, left_until(pending.deadline_ns));
  }
  return hash;
}

/// All that decides what comes next. False where that cannot be told.
bool whole_state(std::uint64_t& hash) {
  Engine& e = engine();
  Scheduler& s = e.scheduler;
  hash = timerfds_state();
  ObjectTable& objects = s.objects();
  for (ObjectId id = 1; id <= objects.size(); ++id) {
    const SyncObject& object = objects[id];
    hash = mix(hash, object.owner | std::uint64_t{object.depth} << 32U);
    hash = mix(hash, object.waiter_count | std::uint64_t{object.done} << 32U);
    hash = mix(hash, object.readers.size());
  }
  hash = hash_of_memory(hash);
  for (unsigned i = 0; i < s.thread_count(); ++i) {
    const auto thread = static_cast<ThreadId>(i);
    if (s.state(thread).status == ThreadStatus::finished) continue;
    const Fiber& fiber = e.fibers.of(thread);
    const auto* frame = &fiber == e.running
                            ? static_cast<const std::uint64_t*>(__builtin_frame_address(0))
                            : parked_frame(fiber.stack_pointer);
    const std::uint64_t from = program_stack(frame, fiber);
    if (from == 0) return false;
    hash = mix(hash, static_cast<std::uint64_t>(errno_of(fiber)));
    hash = hash_of(mix(hash, from), from, reinterpret_cast<std::uint64_t>(fiber.stack_top));
  }
  return true;
}

bool world_may_help() {
  bool any = has_children() || engine().network_real || has_native_threads() ||
             modules_were_added() || waits_for_outside();
  for_each_mapping([](std::uint64_t, std::uint64_t, void* to) { *static_cast<bool*>(to) = true; },
                   &any);
  return any;
}

/// The program has a handler for what people send to programs that wait.
bool awaits_signals() {
  for (int signal = 1; signal <= 64; ++signal) {
    auto* const handler = action_of(signal).sa_handler;
    if (signal != SIGPIPE && handler != SIG_DFL && handler != SIG_IGN) return true;
  }
  return false;
}

/// Who waits until a time is in a call on descriptors: other waits are not followed.
bool all_in_loops() {
  for (unsigned i = 0; i < scheduler().thread_count(); ++i) {
    const ThreadState& state = scheduler().state(static_cast<ThreadId>(i));
    if (state.status == ThreadStatus::sleeping) return false;
    if (state.status == ThreadStatus::finished || state.pending.deadline_ns == 0) continue;
    if (state.pending.operation != Operation::poll && state.pending.operation != Operation::fd_read)
      return false;
  }
  return true;
}

void begin_round(std::uint64_t state) {
  Scheduler& s = scheduler();
  Watch& w = g_watch;
  w.watching = true;
  w.state = state;
  w.asked = w.asked_time = false;
  w.answers = s.answer_count();
  w.listener = s.set_listener(&g_steps);
  g_steps.begin(w.listener);
  if (!set_syscall_guard()) w.asked = true;
}

void stop_watching() {
  if (g_watch.watching) scheduler().set_listener(g_watch.listener);
  lift_syscall_guard();
  g_watch.watching = false;
  g_watch.armed = false;
  g_watch.next_try = g_watch.alike * 2;
}

/// The round is over, and ends in `state`: whether it will come again for ever.
EndReason end_round(std::uint64_t state) {
  Scheduler& s = scheduler();
  Watch& w = g_watch;
  s.set_listener(w.listener);
  w.watching = false;
  w.asked = lift_syscall_guard() || w.asked;
  if (w.asked || state != w.state) return EndReason::none;
  if (!g_steps.idle || s.answer_count() != w.answers) return EndReason::none;
  for (unsigned i = 0; i < s.thread_count(); ++i) {
    if (!g_steps.ran[i]) continue;
    const Capture& capture = g_captures[i];
    const bool known = capture.round == w.number && capture.round_before + 1 == w.number;
    if (!known || capture.hash == 0 || capture.hash != capture.hash_before) return EndReason::none;
  }
  if (w.asked_time) {
    const bool rested = w.leaps && w.resting_state == state;
    const bool for_ever = rested && s.now_ns() - w.since_ns > kCenturyNs;
    w.leaps = s.guide() == nullptr;
    w.resting_state = state;
    if (!for_ever) return EndReason::none;
  }
  if (!g_steps.ticks_taken) return EndReason::deadlock;
  return awaits_signals() ? EndReason::none : EndReason::livelock;
}

/// At the end of a round like those before it.
EndReason judge_alike() {
  Watch& w = g_watch;
  if (!w.armed) {
    if (w.alike < w.next_try) return EndReason::none;
    ++w.number;
    w.watched = 0;
    w.armed = engine().session && all_in_loops() && !world_may_help();
    if (!w.armed) w.next_try = w.alike * 2;
    return EndReason::none;
  }
  std::uint64_t state = 0;
  const bool known = whole_state(state);
  const bool watched = known && w.watching;
  const EndReason reason = watched ? end_round(state) : EndReason::none;
  const bool rests = watched && w.leaps && w.resting_state == state;
  const bool in_vain = watched && w.asked;
  if (reason != EndReason::none || !known || in_vain || rests || w.watched++ == kWatchedMax) {
    stop_watching();
    return reason;
  }
  ++w.number;
  begin_round(state);
  return EndReason::none;
}

}  // namespace

void begin_idle_watch() {
  if (!g_touched) return;
  g_touched = false;
  lift_syscall_guard();
  g_in_tick = false;
  g_tidy = false;
  g_watch = {};
  for (Capture& capture : g_captures) capture = {};
}

void note_wait_begins() {
  if (!g_watch.armed) return;
  static auto* backtrace =
      reinterpret_cast<decltype(&_Unwind_Backtrace)>(find_unwinder("_Unwind_Backtrace"));
  if (backtrace == nullptr) return;
  std::uint64_t hash = 0;
  {
    const OutOfControl unwinding;
    backtrace(&look_at_frame, &hash);
  }
  Capture& capture = g_captures[self()];
  if (capture.round != g_watch.number) {
    capture.hash_before = capture.hash;
    capture.round_before = capture.round;
  }
  capture.hash = hash;
  capture.round = g_watch.number;
  wipe_stack();
}

void note_world_asked() {
  g_watch.asked = true;
  engine().running->loop.wrote = true;
  if (Guide* guide = scheduler().guide(); guide != nullptr) guide->note_write(self());
}
void note_time_asked() { g_watch.asked_time = true; }

EndReason judge_idle_round() {
  g_touched = true;
  Watch& w = g_watch;
  const Scheduler& s = scheduler();
  const std::uint64_t now = signature(s.step_count() - w.step_count);
  w.step_count = s.step_count();
  ++w.rounds;
  const bool alike = now == w.reference;
  if ((w.rounds & (w.rounds - 1)) == 0) w.reference = now;
  if (!alike) {
    w.since_ns = s.now_ns();
    w.leaps = false;
    return EndReason::none;
  }
  ++w.alike;
  const std::uint64_t idle_ns = s.now_ns() - w.since_ns;
  if (w.leaps && idle_ns > kCenturyNs && !w.armed) w.next_try = w.alike;
  const EndReason reason = judge_alike();
  if (w.leaps && idle_ns > kDayNs && idle_ns < kCenturyNs && reason == EndReason::none) {
    scheduler().let_time_leap(idle_ns / kLeapPart);
  }
  if (g_tidy != w.armed) {
    g_tidy = w.armed;
    // The slow way of plain accesses tidies up as well.
    g_plain = g_tidy || engine().spin_watched ? PlainMode::look : plain_mode();
  }
  tidy_stack();
  return reason;
}

}  // namespace trama::runtime
