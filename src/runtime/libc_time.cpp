// Clocks and sleeps, in virtual time.
#include <errno.h>
#include <sched.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "runtime/cancel.hpp"
#include "runtime/engine.hpp"
#include "runtime/idle_watch.hpp"
#include "runtime/loop_watch.hpp"
#include "runtime/real.hpp"
#include "runtime/signal_state.hpp"
#include "runtime/spin_watch.hpp"
#include "runtime/time.hpp"

namespace trama::runtime {
namespace {

void yield(const void* frame) {
  Event event = make_event(Operation::yield, nullptr, static_cast<void* const*>(frame)[1]);
  point_look(event, look_code(frame), 0);
  scheduler().step(event);
}

/// Reading the clock is no step. But who goes round waiting for the time gives others a turn.
void read_clock(const void* frame) {
  note_time_asked();
  if (scheduler().look_at_clock(look_code(frame))) yield(frame);
}

timespec now(clockid_t clock) {
  const std::uint64_t at = start_of(clock) + scheduler().now_ns();
  return {static_cast<time_t>(at / kNsPerSecond), static_cast<long>(at % kNsPerSecond)};
}

/// How long was left when a signal's handler ended the sleep; 0 where none did.
std::uint64_t sleep_until(std::uint64_t deadline_ns, void* pc) {
  Event event = make_event(Operation::sleep, nullptr, pc);
  event.deadline_ns = deadline_ns;
  cancellation_point(event);
  if (engine().recorder != nullptr) announce_to_recorder();
  const std::uint64_t start_ns = scheduler().now_ns();
  go(scheduler().sleep(event));
  note_blocked(start_ns, event.pc);
  cancellation_point(event);
  scheduler().step(event);
  if (take_interruption() == Interruption::none) return 0;
  const std::uint64_t now_ns = scheduler().now_ns();
  return deadline_ns > now_ns ? deadline_ns - now_ns : 0;
}

/// What a sleep answers: -1 and EINTR where time was left.
int slept(std::uint64_t left_ns) {
  if (left_ns == 0) return 0;
  errno = EINTR;
  return -1;
}

}  // namespace
}  // namespace trama::runtime

using namespace trama::runtime;
using trama::Operation;

TRAMA_EXPORT int sched_yield() {
  if (!g_active) return TRAMA_REAL(sched_yield)();
  yield(TRAMA_FRAME);
  return 0;
}

TRAMA_EXPORT int clock_gettime(clockid_t clock, timespec* time) {
  if (!g_active) return TRAMA_REAL(clock_gettime)(clock, time);
  read_clock(TRAMA_FRAME);
  *time = now(clock);
  return 0;
}
TRAMA_EXPORT int gettimeofday(timeval* time, void* zone) {
  if (!g_active) return TRAMA_REAL(gettimeofday)(time, zone);
  read_clock(TRAMA_FRAME);
  const timespec at = now(CLOCK_REALTIME);
  *time = {at.tv_sec, at.tv_nsec / 1000};
  return 0;
}
TRAMA_EXPORT time_t time(time_t* out) {
  if (!g_active) return TRAMA_REAL(time)(out);
  read_clock(TRAMA_FRAME);
  const time_t seconds = now(CLOCK_REALTIME).tv_sec;
  if (out != nullptr) *out = seconds;
  return seconds;
}
TRAMA_EXPORT int timespec_get(timespec* time, int base) {
  if (!g_active) return TRAMA_REAL(timespec_get)(time, base);
  if (base != TIME_UTC) return 0;
  note_time_asked();
  *time = now(CLOCK_REALTIME);
  return base;
}
TRAMA_EXPORT clock_t clock() {
  if (!g_active) return TRAMA_REAL(clock)();
  read_clock(TRAMA_FRAME);
  return static_cast<clock_t>(scheduler().now_ns() / 1000);
}

TRAMA_EXPORT int nanosleep(const timespec* duration, timespec* left) {
  if (!g_active) return TRAMA_REAL(nanosleep)(duration, left);
  if (duration->tv_sec < 0 || !is_valid(*duration)) {
    errno = EINVAL;
    return -1;
  }
  const std::uint64_t left_ns = sleep_until(scheduler().now_ns() + to_ns(*duration), TRAMA_PC);
  if (left_ns != 0 && left != nullptr) *left = to_timespec(left_ns);
  return slept(left_ns);
}
TRAMA_EXPORT int clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* left) {
  if (!g_active) return TRAMA_REAL(clock_nanosleep)(clock, flags, time, left);
  if (!is_valid(*time)) return EINVAL;
  const bool absolute = (flags & TIMER_ABSTIME) != 0;
  const std::uint64_t left_ns = sleep_until(
      absolute ? deadline_of(clock, *time) : scheduler().now_ns() + to_ns(*time), TRAMA_PC);
  if (left_ns != 0 && !absolute && left != nullptr) *left = to_timespec(left_ns);
  return left_ns == 0 ? 0 : EINTR;
}
TRAMA_EXPORT int usleep(useconds_t microseconds) {
  if (!g_active) return TRAMA_REAL(usleep)(microseconds);
  return slept(sleep_until(scheduler().now_ns() + std::uint64_t{microseconds} * 1000, TRAMA_PC));
}
TRAMA_EXPORT unsigned sleep(unsigned seconds) {
  if (!g_active) return TRAMA_REAL(sleep)(seconds);
  const std::uint64_t left_ns =
      sleep_until(scheduler().now_ns() + std::uint64_t{seconds} * kNsPerSecond, TRAMA_PC);
  return static_cast<unsigned>((left_ns + kNsPerSecond - 1) / kNsPerSecond);
}
