// syscall(): futexes, and the few other calls that reach the kernel by this door.
//
// libstdc++ waits here: atomic::wait, latch, barrier, semaphore, future, jthread.
#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdarg.h>
#include <unistd.h>

#include "runtime/engine.hpp"
#include "runtime/idle_watch.hpp"
#include "runtime/random.hpp"
#include "runtime/real.hpp"
#include "runtime/signal_state.hpp"
#include "runtime/syscall.hpp"
#include "runtime/time.hpp"

namespace trama::runtime {
namespace {

long failed(int error) {
  errno = error;
  return -1;
}

}  // namespace

/// Whether this thread's last compare-exchange was to take one from the count at `address`, and
/// failed; in tsan_atomic.cpp.
bool failed_take_at(std::uint64_t address);

namespace {

/// Under a guide the step that the thread has just taken is a load as well: what it read decides.
long guided_wait(Event& event, std::uint32_t expected, std::uint32_t bits) {
  const Guide& guide = *scheduler().guide();
  event.before = guide.value_read(guide.node_of(self())).low;
  if (static_cast<std::uint32_t>(event.before) != expected) {
    event.outcome = Outcome::failed;
    scheduler().step(event);
    return failed(EAGAIN);
  }
  go(scheduler().wait(event, bits));
  return scheduler().woken() ? 0 : failed(ETIMEDOUT);
}

long wait(std::uint32_t* word, std::uint32_t expected, std::uint64_t deadline_ns,
          std::uint32_t bits, void* pc) {
  Event event = make_event(Operation::futex_wait, word, pc);
  object_of(event, ObjectKind::futex);
  event.size = sizeof *word;
  event.deadline_ns = deadline_ns;
  // std::counting_semaphore of libstdc++ before 12.3 (PR 104928) may go to sleep on a count that
  // is not 0, after another thread was quicker to take one, and nobody wakes it: it found another
  // count since, and sleeps on the old one all the same. That is the library's affair: for us this
  // wait ends at once, as a futex may (docs/decisions/0015).
  const bool asleep_on_a_count =
      expected != 0 &&
      (failed_take_at(event.address) || scheduler().found_other_than(expected, event.address) ||
       (scheduler().guide() != nullptr &&
        scheduler().guide()->found_other_than(self(), event.address, expected)));
  point(event);
  if (scheduler().guide() != nullptr && !asleep_on_a_count)
    return guided_wait(event, expected, bits);
  event.before = *word;
  if (*word != expected || asleep_on_a_count) {
    event.outcome = Outcome::failed;
    scheduler().step(event);
    return failed(EAGAIN);
  }
  go(scheduler().wait(event, bits));
  return scheduler().woken() ? 0 : failed(ETIMEDOUT);
}

long futex(long address, long operation, long value, long timeout, long value3, void* pc) {
  auto* word = reinterpret_cast<std::uint32_t*>(address);
  const auto* time = reinterpret_cast<const timespec*>(timeout);
  const bool wall = (operation & FUTEX_CLOCK_REALTIME) != 0;
  if (time != nullptr) {
    const long plain = operation & FUTEX_CMD_MASK;
    if ((plain == FUTEX_WAIT || plain == FUTEX_WAIT_BITSET) && !is_valid(*time)) {
      return failed(EINVAL);
    }
  }
  switch (operation & FUTEX_CMD_MASK) {
    case FUTEX_WAIT: {
      const std::uint64_t deadline = time == nullptr ? 0 : scheduler().now_ns() + to_ns(*time) + 1;
      return wait(word, static_cast<std::uint32_t>(value), deadline, ~0U, pc);
    }
    case FUTEX_WAIT_BITSET: {
      const std::uint64_t deadline =
          time == nullptr ? 0 : deadline_of(wall ? CLOCK_REALTIME : CLOCK_MONOTONIC, *time);
      return wait(word, static_cast<std::uint32_t>(value), deadline,
                  static_cast<std::uint32_t>(value3), pc);
    }
    case FUTEX_WAKE:
    case FUTEX_WAKE_BITSET: {
      Event event = make_event(Operation::futex_wake, word, pc);
      object_of(event, ObjectKind::futex);
      point(event);
      const bool all = (operation & FUTEX_CMD_MASK) == FUTEX_WAKE;
      return scheduler().wake(event, static_cast<std::uint32_t>(value),
                              all ? ~0U : static_cast<std::uint32_t>(value3));
    }
    default: note_blind("syscall(SYS_futex)", pc); return failed(ENOSYS);
  }
}

}  // namespace
}  // namespace trama::runtime

using namespace trama::runtime;

TRAMA_EXPORT long syscall(long number, ...) {
  va_list list;
  va_start(list, number);
  const long a = va_arg(list, long);
  const long b = va_arg(list, long);
  const long c = va_arg(list, long);
  const long d = va_arg(list, long);
  const long e = va_arg(list, long);
  const long f = va_arg(list, long);
  va_end(list);
  if (g_active) {
    switch (number) {
      case SYS_futex: return futex(a, b, c, d, f, TRAMA_PC);
      case SYS_gettid: return gettid();
      case SYS_tkill: return kill_thread(static_cast<pid_t>(a), static_cast<int>(b), TRAMA_PC);
      case SYS_tgkill:
        if (a != getpid()) break;
        return kill_thread(static_cast<pid_t>(b), static_cast<int>(c), TRAMA_PC);
      case SYS_sched_yield: return sched_yield();
      case SYS_getrandom:
        fill_random(reinterpret_cast<void*>(a), static_cast<std::size_t>(b));
        return b;
      default: note_blind_number(number, TRAMA_PC); break;
    }
    note_world_asked();
  }
  const long result = raw_syscall(number, a, b, c, d, e, f);
  if (result < 0 && result > -4096) {
    errno = static_cast<int>(-result);
    return -1;
  }
  return result;
}
