// timerfd_create, timerfd_settime, timerfd_gettime; see timerfd.hpp.
#include <errno.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <vector>

#include "runtime/idle_watch.hpp"
#include "runtime/io_step.hpp"
#include "runtime/libc_epoll.hpp"
#include "runtime/real.hpp"
#include "runtime/rewind.hpp"
#include "runtime/syscall.hpp"
#include "runtime/time.hpp"
#include "runtime/timerfd.hpp"

namespace trama::runtime {
namespace {

struct TimerDescriptor {
  ChannelId channel = 0;
  clockid_t clock = CLOCK_MONOTONIC;
  std::uint64_t deadline_ns = 0;  ///< virtual time; 0: not set
  std::uint64_t interval_ns = 0;
  bool maybe_unread = false;       ///< expirations that perhaps nobody has read
  std::uint64_t due_since_ns = 0;  ///< of the expirations that nobody has read
};

bool g_touched = false;  // by the execution
std::vector<TimerDescriptor>& timers() {
  g_touched = true;
  static auto* list = new std::vector<TimerDescriptor>;
  return *list;
}

TimerDescriptor* find(ChannelId id) {
  if (!g_touched || id == 0) return nullptr;
  for (TimerDescriptor& timer : timers()) {
    if (timer.channel == id) return &timer;
  }
  return nullptr;
}

void settle(TimerDescriptor& timer) {
  const std::uint64_t now_ns = scheduler().now_ns();
  if (timer.deadline_ns == 0 || timer.deadline_ns > now_ns) return;
  const int counter = descriptor_of(timer.channel);
  if (counter < 0) {
    timer.deadline_ns = 0;  // closed
    return;
  }
  pollfd unread = {counter, POLLIN, 0};
  if (!timer.maybe_unread || look_now(&unread, 1) <= 0) timer.due_since_ns = timer.deadline_ns;
  timer.maybe_unread = true;
  std::uint64_t expirations = 1;
  if (timer.interval_ns == 0) {
    timer.deadline_ns = 0;
  } else {
    expirations += (now_ns - timer.deadline_ns) / timer.interval_ns;
    timer.deadline_ns += expirations * timer.interval_ns;
  }
  raw_syscall(SYS_write, counter, reinterpret_cast<long>(&expirations), sizeof expirations);
}

/// Expirations that nobody has read count no more.
void drain(TimerDescriptor& timer) {
  if (!timer.maybe_unread) return;
  timer.maybe_unread = false;
  const int counter = descriptor_of(timer.channel);
  pollfd one = {counter, POLLIN, 0};
  if (look_now(&one, 1) <= 0) return;
  std::uint64_t count = 0;
  raw_syscall(SYS_read, counter, reinterpret_cast<long>(&count), sizeof count);
}

void tell(const TimerDescriptor& timer, itimerspec* value) {
  const std::uint64_t now_ns = scheduler().now_ns();
  value->it_value = to_timespec(timer.deadline_ns == 0 ? 0 : timer.deadline_ns - now_ns);
  value->it_interval = to_timespec(timer.interval_ns);
}

bool is_time(const timespec& time) { return time.tv_sec >= 0 && is_valid(time); }

/// The timer behind `descriptor`; null and errno where there is none.
TimerDescriptor* timer_behind(int descriptor) {
  const ChannelId id = channel_of(descriptor);
  TimerDescriptor* timer = find(id);
  if (timer == nullptr) errno = raw_syscall(SYS_fcntl, descriptor, 1) < 0 ? EBADF : EINVAL;
  return timer;
}

}  // namespace

void begin_timerfds() {
  if (!g_touched) return;
  timers().clear();
  g_touched = false;
}

void settle_timerfds() {
  if (!g_touched) return;
  for (TimerDescriptor& timer : timers()) settle(timer);
}

std::uint64_t timerfd_deadline(ChannelId id) {
  const TimerDescriptor* timer = find(id);
  return timer == nullptr ? 0 : timer->deadline_ns;
}

std::uint64_t timerfd_deadline(const pollfd* list, unsigned count) {
  if (!g_touched) return 0;
  std::uint64_t earliest = 0;
  for (const TimerDescriptor& timer : timers()) {
    if (timer.deadline_ns == 0 || (earliest != 0 && timer.deadline_ns >= earliest)) continue;
    for (unsigned i = 0; i < count; ++i) {
      if (list[i].fd < 0) continue;
      if (channel_of(list[i].fd) == timer.channel || epoll_holds(list[i].fd, timer.channel)) {
        earliest = timer.deadline_ns;
        break;
      }
    }
  }
  return earliest;
}

bool any_timerfd() { return g_touched && !timers().empty(); }

bool is_timerfd(ChannelId id) { return find(id) != nullptr; }

bool is_timerfd_object(ObjectId object) {
  if (!g_touched) return false;
  for (const TimerDescriptor& timer : timers()) {
    if (object_of_channel(timer.channel) == object) return true;
  }
  return false;
}

std::uint64_t timerfds_state() {
  std::uint64_t hash = 0;
  if (!g_touched) return hash;
  for (const TimerDescriptor& timer : timers()) {
    const std::uint64_t left =
        timer.deadline_ns == 0 ? 0 : timer.deadline_ns - scheduler().now_ns();
    for (const std::uint64_t value : {std::uint64_t{timer.channel}, left, timer.interval_ns,
                                      std::uint64_t{timer.maybe_unread}}) {
      hash = (hash ^ value) * 0x9e3779b97f4a7c15U ^ (hash >> 29U);
    }
  }
  return hash;
}

std::uint64_t timerfd_due_since(ChannelId id) {
  const TimerDescriptor* timer = find(id);
  return timer == nullptr ? 0 : timer->due_since_ns;
}

}  // namespace trama::runtime

using namespace trama::runtime;
using trama::IoReach;
using trama::ObjectKind;
using trama::Operation;

TRAMA_EXPORT int timerfd_create(clockid_t clock, int flags) {
  if (!g_active) return TRAMA_REAL(timerfd_create)(clock, flags);
  descriptor_step(Operation::fd_open, TRAMA_PC, IoReach::many);
  // The kernel finds fault with the arguments. The flags of an eventfd are the same.
  const int descriptor = TRAMA_REAL(timerfd_create)(clock, flags);
  if (descriptor < 0) return descriptor;
  note_descriptors_changed();
  raw_syscall(SYS_close, descriptor);
  const int counter = TRAMA_REAL(eventfd)(0, flags);
  if (counter < 0) return counter;
  note_made(ObjectKind::event, counter);
  TimerDescriptor made;
  made.channel = channel_of(counter);
  made.clock = clock;
  timers().push_back(made);
  return counter;
}

TRAMA_EXPORT int timerfd_gettime(int descriptor, itimerspec* value) {
  if (!g_active) return TRAMA_REAL(timerfd_gettime)(descriptor, value);
  TimerDescriptor* timer = timer_behind(descriptor);
  if (timer == nullptr) return -1;
  note_time_asked();
  settle(*timer);
  tell(*timer, value);
  return 0;
}

TRAMA_EXPORT int timerfd_settime(int descriptor, int flags, const itimerspec* value,
                                 itimerspec* old) {
  if (!g_active) return TRAMA_REAL(timerfd_settime)(descriptor, flags, value, old);
  if (timer_behind(descriptor) == nullptr) return -1;
  constexpr int kKnown = TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET;
  if (!is_time(value->it_value) || !is_time(value->it_interval) || (flags & ~kKnown) != 0) {
    errno = EINVAL;
    return -1;
  }
  IoStep step(Operation::fd_write, descriptor, TRAMA_PC);
  TimerDescriptor* timer = find(step.id());
  if (timer == nullptr) return static_cast<int>(step.done(-EBADF));  // closed meanwhile
  settle(*timer);
  if (old != nullptr) tell(*timer, old);
  drain(*timer);
  const std::uint64_t first_ns = to_ns(value->it_value);
  timer->interval_ns = to_ns(value->it_interval);
  const bool absolute = (flags & TFD_TIMER_ABSTIME) != 0;
  timer->deadline_ns = first_ns == 0 ? 0
                       : absolute    ? deadline_of(timer->clock, value->it_value)
                                     : scheduler().now_ns() + first_ns;
  settle(*timer);
  rouse_waiters(step.id());  // until when they wait has changed
  return static_cast<int>(step.done(0));
}
