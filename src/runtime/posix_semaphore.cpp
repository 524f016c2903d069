// POSIX semaphores: sem_*. (std::counting_semaphore waits on futexes and needs none of this.)
//
// The count is the scheduler's from the first use on; until then it stands in the sem_t, where
// sem_init put it. Named semaphores: posix_semaphore_named.cpp.
#include <errno.h>
#include <limits.h>
#include <semaphore.h>

#include "runtime/cancel.hpp"
#include "runtime/engine.hpp"
#include "runtime/guided_atomic.hpp"
#include "runtime/real.hpp"
#include "runtime/signal_state.hpp"
#include "runtime/time.hpp"

namespace trama::runtime {

SyncObject& semaphore_of(Event& event);  // of named ones, too

SyncObject& semaphore_of(Event& event) {
  ObjectTable& objects = scheduler().objects();
  const ObjectId before = objects.size();
  SyncObject& object = objects[object_of(event, ObjectKind::semaphore)];
  if (objects.size() != before) {
    // glibc keeps the value in the low half of the first word.
    object.depth = *reinterpret_cast<const std::uint32_t*>(event.address);
  }
  return object;
}

namespace {

int failed(int error) {
  errno = error;
  return -1;
}

int wait(sem_t* semaphore, std::uint64_t deadline_ns, void* pc) {
  Event event = make_event(Operation::acquire, semaphore, pc);
  semaphore_of(event);
  event.deadline_ns = deadline_ns;
  cancellation_point(event);
  point(event);
  cancellation_point(event);
  if (take_interruption() != Interruption::none) return failed(EINTR);
  return scheduler().acquire(event) ? 0 : failed(ETIMEDOUT);
}

}  // namespace
}  // namespace trama::runtime

using namespace trama::runtime;
using trama::Event;
using trama::FindingCode;
using trama::Operation;

TRAMA_EXPORT int sem_init(sem_t* semaphore, int shared, unsigned value) {
  if (g_active) scheduler().objects().forget_at(semaphore);
  return TRAMA_REAL(sem_init)(semaphore, shared, value);
}
TRAMA_EXPORT int sem_destroy(sem_t* semaphore) {
  if (!g_active) return TRAMA_REAL(sem_destroy)(semaphore);
  Event event = make_event(Operation::destroy, semaphore, TRAMA_PC);
  if (semaphore_of(event).pending_count != 0) {
    fail(FindingCode::misuse, "destroy-waited", event.pc);
  }
  point(event);
  scheduler().step(event);
  scheduler().objects().forget(event.object);
  return 0;
}
TRAMA_EXPORT int sem_wait(sem_t* semaphore) {
  if (!g_active) return TRAMA_REAL(sem_wait)(semaphore);
  return wait(semaphore, 0, TRAMA_PC);
}
TRAMA_EXPORT int sem_timedwait(sem_t* semaphore, const timespec* until) {
  if (!g_active) return TRAMA_REAL(sem_timedwait)(semaphore, until);
  if (!is_valid(*until)) return failed(EINVAL);
  return wait(semaphore, deadline_of(CLOCK_REALTIME, *until), TRAMA_PC);
}
TRAMA_EXPORT int sem_clockwait(sem_t* semaphore, clockid_t clock, const timespec* until) {
  if (!g_active) return TRAMA_REAL(sem_clockwait)(semaphore, clock, until);
  if (!is_valid(*until)) return failed(EINVAL);
  return wait(semaphore, deadline_of(clock, *until), TRAMA_PC);
}
TRAMA_EXPORT int sem_trywait(sem_t* semaphore) {
  if (!g_active) return TRAMA_REAL(sem_trywait)(semaphore);
  look_if_guided(TRAMA_FRAME);
  Event event = make_event(Operation::try_acquire, semaphore, TRAMA_PC);
  semaphore_of(event);
  point(event);
  return scheduler().acquire(event) ? 0 : failed(EAGAIN);
}
TRAMA_EXPORT int sem_post(sem_t* semaphore) {
  if (!g_active) return TRAMA_REAL(sem_post)(semaphore);
  Event event = make_event(Operation::release, semaphore, TRAMA_PC);
  const trama::SyncObject& object = semaphore_of(event);
  point(event);
  if (object.depth >= SEM_VALUE_MAX) {
    event.outcome = trama::Outcome::failed;
    scheduler().step(event);
    return failed(EOVERFLOW);
  }
  scheduler().release(event);
  return 0;
}
TRAMA_EXPORT int sem_getvalue(sem_t* semaphore, int* value) {
  if (!g_active) return TRAMA_REAL(sem_getvalue)(semaphore, value);
  Event event = make_event(Operation::yield, semaphore, TRAMA_PC);
  const trama::SyncObject& object = semaphore_of(event);
  point(event);
  scheduler().step(event);
  *value = static_cast<int>(object.depth);
  return 0;
}
