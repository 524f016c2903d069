#include "runtime/io_wait.hpp"

#include <errno.h>
#include <time.h>

#include "runtime/idle_watch.hpp"
#include "runtime/libc_epoll.hpp"
#include "runtime/loop_watch.hpp"
#include "runtime/signal_state.hpp"
#include "runtime/syscall.hpp"
#include "runtime/time.hpp"

namespace trama::runtime {
namespace {

const IoWait* g_waits[kThreadCountMax];
unsigned g_wait_count = 0;
unsigned g_thread_end = 0;  // no thread from here on waits
unsigned g_next_turn = 0;   // who is first asked for when the world has something

/// What only a look can tell is looked at so often.
constexpr std::uint64_t kLookNs = 2000000;

int poll_now(const IoWait& wait) {
  // The waiter's own list stays as it is; revents are asked for again when it goes on.
  constexpr unsigned kFew = 64;
  pollfd few[kFew];
  for (unsigned from = 0; from < wait.count; from += kFew) {
    const unsigned size = wait.count - from < kFew ? wait.count - from : kFew;
    for (unsigned i = 0; i < size; ++i) few[i] = wait.list[from + i];
    if (look_now(few, size) > 0) return 1;
  }
  return 0;
}

bool concerns(const IoWait& wait, ChannelId id) {
  for (unsigned i = 0; i < wait.count; ++i) {
    if (wait.list[i].fd >= 0 && channel_of(wait.list[i].fd) == id) return true;
  }
  return false;
}

std::uint64_t real_ns() {
  timespec now = {};
  raw_syscall(SYS_clock_gettime, CLOCK_MONOTONIC, reinterpret_cast<long>(&now));
  return to_ns(now);
}

/// The current thread's step lets `thread` go on. Under a guide each has a time of its own, and what
/// comes long after a deadline comes too late: other executions show how it passed.
void rouse(ThreadId thread) {
  Scheduler& s = scheduler();
  const std::uint64_t deadline_ns = s.state(thread).pending.deadline_ns;
  const bool late =
      s.guide() != nullptr && deadline_ns != 0 && deadline_ns + Scheduler::kNearNs < s.now_ns();
  if (!late) s.rouse(thread, self());
}

class Outside final : public IdleListener {
 public:
  EndReason judge() override { return judge_idle_round(); }
  bool on_idle(std::uint64_t wait_ns_max) override {
    if (g_wait_count == 0) return false;
    std::vector<pollfd> all;
    bool looks = false;
    bool any = false;
    for (unsigned i = 0; i < g_thread_end; ++i) {
      const IoWait* wait = g_waits[i];
      if (wait == nullptr || !wait->outside) continue;
      any = true;
      for (unsigned k = 0; k < wait->count; ++k) all.push_back(wait->list[k]);
      if (wait->look != nullptr) looks = true;
    }
    if (!any) return false;
    const std::uint64_t start = real_ns();
    for (;;) {
      if (rouse_ready()) return true;
      if (take_outside_signals()) return true;
      if (scheduler().stop_requested()) return false;
      const std::uint64_t passed = real_ns() - start;
      if (passed >= wait_ns_max) return false;
      std::uint64_t left = wait_ns_max - passed;
      if (looks && left > kLookNs) left = kLookNs;
      const timespec timeout = {static_cast<time_t>(left / kNsPerSecond),
                                static_cast<long>(left % kNsPerSecond)};
      const bool for_ever = left > kNsPerSecond * 1000000;
      raw_syscall(SYS_ppoll, reinterpret_cast<long>(all.data()), static_cast<long>(all.size()),
                  for_ever ? 0 : reinterpret_cast<long>(&timeout), 0, 8);
    }
  }

 private:
  /// One at a time, in turn: whether there is enough for a second would depend on the moment.
  static bool rouse_ready() {
    for (unsigned k = 0; k < g_thread_end; ++k) {
      const unsigned i = (g_next_turn + k) % g_thread_end;
      const IoWait* wait = g_waits[i];
      if (wait == nullptr || !wait->outside) continue;
      if (poll_now(*wait) == 0 && (wait->look == nullptr || !wait->look(wait->context))) continue;
      scheduler().rouse(static_cast<ThreadId>(i), kNoThread);
      g_next_turn = i + 1;
      return true;
    }
    return false;
  }
};

Outside g_outside;

}  // namespace

int look_now(pollfd* list, unsigned count) {
  for (;;) {
    const timespec none = {};
    const long ready = raw_syscall(SYS_ppoll, reinterpret_cast<long>(list), count,
                                   reinterpret_cast<long>(&none), 0, 8);
    // The runtime's own timer breaks off even a look that waits for nothing.
    if (ready != -EINTR) return static_cast<int>(ready);
  }
}

bool waits_for_outside() {
  for (unsigned i = 0; i < g_thread_end; ++i) {
    if (g_waits[i] != nullptr && g_waits[i]->outside) return true;
  }
  return false;
}

void begin_io_waits() {
  for (unsigned i = 0; i < g_thread_end; ++i) g_waits[i] = nullptr;
  g_wait_count = 0;
  g_thread_end = 0;
  g_next_turn = 0;
  scheduler().set_idle_listener(&g_outside);
}

void forget_wait(ThreadId thread) {
  if (g_waits[thread] == nullptr) return;
  g_waits[thread] = nullptr;
  --g_wait_count;
}

namespace {

void note_wait(const IoWait& wait) {
  const ThreadId me = self();
  g_waits[me] = &wait;
  ++g_wait_count;
  if (me >= g_thread_end) g_thread_end = me + 1U;
}

}  // namespace

void point_when_ready(const Event& event, IoWait wait) {
  wait.held = true;
  note_wait(wait);
  if (engine().recorder != nullptr) announce_to_recorder();
  const ThreadId me = self();
  const std::uint64_t start_ns = scheduler().now_ns();
  const ThreadId next = scheduler().announce_waiting(event, poll_now(wait) > 0);
  if (next != me) go_on_and_check(next, event);
  forget_wait(me);
  note_blocked(start_ns, event.pc);
}

WaitEnd wait_for(Event event, const IoWait& wait) {
  const ThreadId me = self();
  note_wait(wait);
  event.outcome = Outcome::failed;  // not yet
  const std::uint64_t start_ns = scheduler().now_ns();
  note_wait_begins();
  go(scheduler().wait(event));
  forget_wait(me);
  note_blocked(start_ns, event.pc);
  switch (take_interruption()) {
    case Interruption::fail: return WaitEnd::interrupted;
    case Interruption::restart: return WaitEnd::restarted;
    case Interruption::none: break;
  }
  return scheduler().woken() ? WaitEnd::ready : WaitEnd::timed_out;
}

void readiness_changed(ChannelId id, bool gave) {
  if (g_wait_count == 0) return;
  for (unsigned i = 0; i < g_thread_end; ++i) {
    const IoWait* wait = g_waits[i];
    const auto thread = static_cast<ThreadId>(i);
    if (wait != nullptr && wait->held) {
      scheduler().set_possible(thread, poll_now(*wait) > 0);
      continue;
    }
    if (wait == nullptr || scheduler().state(thread).status != ThreadStatus::waiting) continue;
    if (wait->outside && (!gave || id == 0 || !concerns(*wait, id))) continue;
    if ((wait->retry != 0 && wait->retry == id) || poll_now(*wait) > 0) rouse(thread);
  }
}

void rouse_waiters(ChannelId id) {
  for (unsigned i = 0; i < g_thread_end; ++i) {
    const IoWait* wait = g_waits[i];
    const auto thread = static_cast<ThreadId>(i);
    if (wait == nullptr) continue;
    if (!wait->held && scheduler().state(thread).status != ThreadStatus::waiting) continue;
    bool held = concerns(*wait, id);
    for (unsigned k = 0; k < wait->count && !held; ++k) held = epoll_holds(wait->list[k].fd, id);
    if (held && wait->held) {
      forget_wait(thread);
      scheduler().set_possible(thread, true);
    } else if (held) {
      rouse(thread);
    }
  }
}

}  // namespace trama::runtime
