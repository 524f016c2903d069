// Condition variables: pthread_cond_*, and so std::condition_variable.
//
// A wait is two steps: the mutex is released and the thread queued at once, and, after a
// notify or the deadline, the mutex is taken again. A notify by itself orders nothing; what
// the threads may rely on is the mutex.
#include <errno.h>
#include <pthread.h>

#include "runtime/cancel.hpp"
#include "runtime/engine.hpp"
#include "runtime/real.hpp"
#include "runtime/robust.hpp"
#include "runtime/time.hpp"

namespace trama::runtime {
namespace {

// glibc keeps the clock of pthread_condattr_setclock in a bit of the condition itself.
clockid_t clock_of(const pthread_cond_t* condition) {
  constexpr unsigned kMonotonicBit = 2;
  return (condition->__data.__wrefs & kMonotonicBit) != 0 ? CLOCK_MONOTONIC : CLOCK_REALTIME;
}

int wait(pthread_cond_t* condition, pthread_mutex_t* mutex, std::uint64_t deadline_ns, void* pc) {
  ObjectTable& objects = scheduler().objects();
  Event event =
      make_event(deadline_ns == 0 ? Operation::wait : Operation::timed_wait, condition, pc);
  event.mutex = objects.find_or_make(reinterpret_cast<std::uint64_t>(mutex), ObjectKind::mutex);
  object_of(event, ObjectKind::condition);
  event.deadline_ns = deadline_ns;
  if (objects[event.mutex].owner != self()) {
    fail(FindingCode::misuse, "wait-not-owner", event.pc);
  }
  point(event);
  cancellation_point(event);
  go(scheduler().wait(event));
  const bool woken = scheduler().woken();
  cancellation_point(event);
  if (const int error = settle_robust(event.mutex, mutex, pc)) return error;
  return woken ? 0 : ETIMEDOUT;
}

int notify(pthread_cond_t* condition, Operation operation, std::uint32_t count, void* pc) {
  Event event = make_event(operation, condition, pc);
  object_of(event, ObjectKind::condition);
  point(event);
  scheduler().wake(event, count);
  return 0;
}

}  // namespace
}  // namespace trama::runtime

using namespace trama::runtime;
using trama::Event;
using trama::FindingCode;
using trama::ObjectKind;
using trama::ObjectTable;
using trama::Operation;

TRAMA_EXPORT int pthread_cond_init(pthread_cond_t* condition,
                                   const pthread_condattr_t* attributes) {
  if (g_active) scheduler().objects().forget_at(condition);
  return TRAMA_REAL(pthread_cond_init)(condition, attributes);
}

TRAMA_EXPORT int pthread_cond_destroy(pthread_cond_t* condition) {
  if (!g_active) return TRAMA_REAL(pthread_cond_destroy)(condition);
  Event event = make_event(Operation::destroy, condition, TRAMA_PC);
  object_of(event, ObjectKind::condition);
  if (scheduler().objects()[event.object].waiter_count != 0) {
    fail(FindingCode::misuse, "destroy-waited", event.pc);
  }
  point(event);
  scheduler().step(event);
  scheduler().objects().forget(event.object);
  return 0;
}

TRAMA_EXPORT int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  if (!g_active) return TRAMA_REAL(pthread_cond_wait)(condition, mutex);
  return wait(condition, mutex, 0, TRAMA_PC);
}
TRAMA_EXPORT int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                                        const timespec* until) {
  if (!g_active) return TRAMA_REAL(pthread_cond_timedwait)(condition, mutex, until);
  if (!is_valid(*until)) return EINVAL;
  return wait(condition, mutex, deadline_of(clock_of(condition), *until), TRAMA_PC);
}
TRAMA_EXPORT int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                                        clockid_t clock, const timespec* until) {
  if (!g_active) return TRAMA_REAL(pthread_cond_clockwait)(condition, mutex, clock, until);
  if (!is_valid(*until)) return EINVAL;
  return wait(condition, mutex, deadline_of(clock, *until), TRAMA_PC);
}
TRAMA_EXPORT int pthread_cond_signal(pthread_cond_t* condition) {
  if (!g_active) return TRAMA_REAL(pthread_cond_signal)(condition);
  return notify(condition, Operation::notify_one, 1, TRAMA_PC);
}
TRAMA_EXPORT int pthread_cond_broadcast(pthread_cond_t* condition) {
  if (!g_active) return TRAMA_REAL(pthread_cond_broadcast)(condition);
  return notify(condition, Operation::notify_all, ~0U, TRAMA_PC);
}
