// alarm, setitimer and timer_create; see timers.hpp. A timer's fiber waits in the scheduler, so that
// setting it anew wakes it at once.
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "runtime/io_wait.hpp"
#include "runtime/real.hpp"
#include "runtime/signal_state.hpp"
#include "runtime/time.hpp"
#include "runtime/timers.hpp"

namespace trama::runtime {
namespace {

/// timer_t is the number of a timer and this, so that 0 is none.
constexpr std::uint64_t kTimerMark = 0x7100;

struct Timer {
  bool used = false;
  clockid_t clock = CLOCK_REALTIME;
  std::uint64_t deadline_ns = 0;  ///< 0: not set
  std::uint64_t interval_ns = 0;
  ThreadId fiber = kNoThread;   ///< who sleeps for it
  ThreadId target = kNoThread;  ///< who gets the signal; kNoThread: the process
  sigevent event{};
};

/// The first is that of alarm and setitimer(ITIMER_REAL).
bool g_touched = false;  // by the execution
std::vector<Timer>& timers() {
  g_touched = true;
  static std::vector<Timer>* list = new std::vector<Timer>;
  return *list;
}
std::vector<ThreadId>& fibers() {
  static std::vector<ThreadId>* list = new std::vector<ThreadId>;
  return *list;
}

void fire(std::size_t index) {
  const Timer timer = timers()[index];
  if (timer.event.sigev_notify == SIGEV_NONE) return;
  if (timer.event.sigev_notify == SIGEV_THREAD) {
    timer.event.sigev_notify_function(timer.event.sigev_value);
    return;
  }
  siginfo_t info = {};
  info.si_signo = timer.event.sigev_signo;
  info.si_code = index == 0 ? SI_KERNEL : SI_TIMER;
  info.si_value = timer.event.sigev_value;
  send_signal(timer.event.sigev_signo, timer.target, info, nullptr);
}

void* run_timer(void* argument) {
  const auto index = reinterpret_cast<std::size_t>(argument);
  while (timers()[index].deadline_ns != 0) {
    Event event = make_event(Operation::sleep, nullptr, nullptr);
    event.deadline_ns = timers()[index].deadline_ns;
    if (event.deadline_ns > scheduler().now_ns()) {
      wait_for(event, {});
      continue;  // set anew meanwhile, or time has come
    }
    Timer& timer = timers()[index];
    timer.deadline_ns = timer.interval_ns == 0 ? 0 : timer.deadline_ns + timer.interval_ns;
    see_signal(SIGALRM);
    fire(index);
  }
  timers()[index].fiber = kNoThread;
  return nullptr;
}

void start_fiber(std::size_t index, void* pc) {
  Event event = make_event(Operation::create, nullptr, pc);
  if (engine().recorder != nullptr) announce_to_recorder();
  const ThreadId child = scheduler().create(event);
  Fiber* fiber = child == kNoThread
                     ? nullptr
                     : engine().fibers.acquire(child, &run_timer, reinterpret_cast<void*>(index));
  if (fiber == nullptr) fail(FindingCode::blind, "thread-limit", event.pc, "1024");
  scheduler().detach(child);
  block_signals(child);
  strcpy(fiber->name, "timer");
  timers()[index].fiber = child;
  fibers().push_back(child);
}

/// Sets it: 0 = never.
void set(std::size_t index, std::uint64_t deadline_ns, std::uint64_t interval_ns, void* pc) {
  Timer& timer = timers()[index];
  timer.deadline_ns = deadline_ns;
  timer.interval_ns = interval_ns;
  mark_signal(SIGALRM);  // for all timers: who sets one comes before what it does
  if (timer.fiber != kNoThread) {
    scheduler().rouse(timer.fiber, self());
  } else if (deadline_ns != 0) {
    start_fiber(index, pc);
  }
}

std::uint64_t left_of(const Timer& timer) {
  if (timer.deadline_ns == 0) return 0;
  const std::uint64_t now_ns = scheduler().now_ns();
  return timer.deadline_ns > now_ns ? timer.deadline_ns - now_ns : 1;
}

void need_alarm_timer() {
  if (!timers().empty()) return;
  timers().emplace_back();
  timers()[0].used = true;
  timers()[0].event.sigev_notify = SIGEV_SIGNAL;
  timers()[0].event.sigev_signo = SIGALRM;
}

/// 0 when there is no such timer.
std::size_t index_of(timer_t timer) {
  const std::uint64_t number = reinterpret_cast<std::uint64_t>(timer) - kTimerMark;
  return number < timers().size() && timers()[number].used ? number : 0;
}

int invalid() {
  errno = EINVAL;
  return -1;
}

timeval to_timeval(std::uint64_t ns) {
  return {static_cast<time_t>(ns / kNsPerSecond),
          static_cast<suseconds_t>((ns % kNsPerSecond + 999) / 1000)};
}
std::uint64_t of_timeval(const timeval& time) { return to_ns({time.tv_sec, time.tv_usec * 1000}); }

}  // namespace

void begin_timers() {
  if (!g_touched) return;
  timers().clear();
  fibers().clear();
  g_touched = false;
}

bool only_timers_are_left() {
  if (!g_touched || fibers().empty()) return false;
  for (unsigned i = 0; i < scheduler().thread_count(); ++i) {
    const auto thread = static_cast<ThreadId>(i);
    if (thread == self() || scheduler().state(thread).status == ThreadStatus::finished) continue;
    bool is_timer = false;
    for (const ThreadId timer : fibers()) is_timer = is_timer || timer == thread;
    if (!is_timer) return false;
  }
  return true;
}

}  // namespace trama::runtime

using namespace trama::runtime;
using trama::kNoThread;
using trama::ThreadId;

TRAMA_EXPORT unsigned alarm(unsigned seconds) {
  if (!g_active) return TRAMA_REAL(alarm)(seconds);
  need_alarm_timer();
  const std::uint64_t left_ns = left_of(timers()[0]);
  const std::uint64_t deadline_ns = scheduler().now_ns() + std::uint64_t{seconds} * kNsPerSecond;
  set(0, seconds == 0 ? 0 : deadline_ns, 0, TRAMA_PC);
  return static_cast<unsigned>((left_ns + kNsPerSecond - 1) / kNsPerSecond);
}
TRAMA_EXPORT int getitimer(__itimer_which_t which, itimerval* value) {
  if (!g_active) return TRAMA_REAL(getitimer)(which, value);
  *value = {};
  if (which != ITIMER_REAL) return 0;
  need_alarm_timer();
  value->it_value = to_timeval(left_of(timers()[0]));
  value->it_interval = to_timeval(timers()[0].interval_ns);
  return 0;
}
TRAMA_EXPORT int setitimer(__itimer_which_t which, const itimerval* value, itimerval* old) {
  if (!g_active) return TRAMA_REAL(setitimer)(which, value, old);
  if (old != nullptr) getitimer(which, old);
  if (which != ITIMER_REAL) {
    // Of processor time, which stands still here: it never comes.
    note_blind("setitimer", TRAMA_PC);
    return 0;
  }
  need_alarm_timer();
  const std::uint64_t first_ns = of_timeval(value->it_value);
  set(0, first_ns == 0 ? 0 : scheduler().now_ns() + first_ns, of_timeval(value->it_interval),
      TRAMA_PC);
  return 0;
}

TRAMA_EXPORT int timer_create(clockid_t clock, sigevent* event, timer_t* timer) {
  if (!g_active) return TRAMA_REAL(timer_create)(clock, event, timer);
  need_alarm_timer();
  Timer made;
  made.used = true;
  made.clock = clock;
  const std::size_t index = timers().size();
  if (event != nullptr) {
    made.event = *event;
  } else {
    made.event.sigev_notify = SIGEV_SIGNAL;
    made.event.sigev_signo = SIGALRM;
    made.event.sigev_value.sival_int = static_cast<int>(index);
  }
  if (made.event.sigev_notify == SIGEV_THREAD_ID) {
    made.event.sigev_notify = SIGEV_SIGNAL;
    const long number = made.event._sigev_un._tid - getpid();
    if (number < 0 || number >= static_cast<long>(scheduler().thread_count())) return invalid();
    made.target = static_cast<ThreadId>(number);
  }
  const bool sends = made.event.sigev_notify == SIGEV_SIGNAL;
  if (sends && (made.event.sigev_signo < 1 || made.event.sigev_signo > 64)) return invalid();
  timers().push_back(made);
  *timer = reinterpret_cast<timer_t>(kTimerMark + index);
  return 0;
}
TRAMA_EXPORT int timer_gettime(timer_t timer, itimerspec* value) {
  if (!g_active) return TRAMA_REAL(timer_gettime)(timer, value);
  const std::size_t index = index_of(timer);
  if (index == 0) return invalid();
  value->it_value = to_timespec(left_of(timers()[index]));
  value->it_interval = to_timespec(timers()[index].interval_ns);
  return 0;
}
TRAMA_EXPORT int timer_settime(timer_t timer, int flags, const itimerspec* value, itimerspec* old) {
  if (!g_active) return TRAMA_REAL(timer_settime)(timer, flags, value, old);
  const std::size_t index = index_of(timer);
  if (index == 0 || !is_valid(value->it_value) || !is_valid(value->it_interval)) return invalid();
  if (old != nullptr) timer_gettime(timer, old);
  const std::uint64_t first_ns = to_ns(value->it_value);
  const bool absolute = (flags & TIMER_ABSTIME) != 0;
  const std::uint64_t deadline_ns = first_ns == 0 ? 0
                                    : absolute ? deadline_of(timers()[index].clock, value->it_value)
                                               : scheduler().now_ns() + first_ns;
  set(index, deadline_ns, to_ns(value->it_interval), TRAMA_PC);
  return 0;
}
TRAMA_EXPORT int timer_getoverrun(timer_t timer) {
  if (!g_active) return TRAMA_REAL(timer_getoverrun)(timer);
  return index_of(timer) == 0 ? invalid() : 0;
}
TRAMA_EXPORT int timer_delete(timer_t timer) {
  if (!g_active) return TRAMA_REAL(timer_delete)(timer);
  const std::size_t index = index_of(timer);
  if (index == 0) return invalid();
  set(index, 0, 0, TRAMA_PC);
  timers()[index].used = false;
  return 0;
}
