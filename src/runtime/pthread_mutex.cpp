// Mutexes: pthread_mutex_*, and so std::mutex and its relatives.
//
// The state is the scheduler's, found by the mutex's address; of the program's memory only
// the kind is read, which its initialiser put there.
#include <errno.h>
#include <pthread.h>

#include "runtime/engine.hpp"
#include "runtime/guided_atomic.hpp"
#include "runtime/idle_watch.hpp"
#include "runtime/real.hpp"
#include "runtime/robust.hpp"
#include "runtime/spin_watch.hpp"
#include "runtime/time.hpp"

namespace trama::runtime {
namespace {

LockKind kind_of(const pthread_mutex_t* mutex) {
  switch (mutex->__data.__kind & 3) {  // the bits above tell robust, shared, priority
    case PTHREAD_MUTEX_RECURSIVE_NP: return LockKind::recursive;
    case PTHREAD_MUTEX_ERRORCHECK_NP: return LockKind::error_check;
    default: return LockKind::normal;
  }
}

SyncObject& mutex_of(Event& event, const pthread_mutex_t* mutex) {
  SyncObject& object = scheduler().objects()[object_of(event, ObjectKind::mutex)];
  object.lock_kind = kind_of(mutex);
  constexpr int kRobustBit = 16;
  if ((mutex->__data.__kind & kRobustBit) != 0 && object.robustness == Robustness::none) {
    note_robust(object);
  }
  return object;
}

__attribute__((noinline)) int lock(pthread_mutex_t* mutex, Operation operation,
                                   std::uint64_t deadline_ns, void* pc) {
  Event event = make_event(operation, mutex, pc);
  SyncObject& object = mutex_of(event, mutex);
  if (object.owner == self() && object.lock_kind != LockKind::recursive) {
    if (object.lock_kind == LockKind::error_check) return EDEADLK;
    if (operation == Operation::lock) fail(FindingCode::misuse, "lock-twice", event.pc);
  }
  event.deadline_ns = deadline_ns;
  point(event);
  if (operation == Operation::lock) {
    scheduler().lock(event);
  } else if (!scheduler().timed_lock(event)) {
    return ETIMEDOUT;
  }
  return settle_robust(event.object, mutex, pc);
}

}  // namespace
}  // namespace trama::runtime

using namespace trama::runtime;
using trama::Event;
using trama::FindingCode;
using trama::kNoThread;
using trama::LockError;
using trama::LockKind;
using trama::ObjectKind;
using trama::Operation;
using trama::Robustness;
using trama::SyncObject;

TRAMA_EXPORT int pthread_mutex_init(pthread_mutex_t* mutex, const pthread_mutexattr_t* attributes) {
  if (g_active) scheduler().objects().forget_at(mutex);
  return TRAMA_REAL(pthread_mutex_init)(mutex, attributes);
}

TRAMA_EXPORT int pthread_mutex_destroy(pthread_mutex_t* mutex) {
  if (!g_active) return TRAMA_REAL(pthread_mutex_destroy)(mutex);
  Event event = make_event(Operation::destroy, mutex, TRAMA_PC);
  SyncObject& object = mutex_of(event, mutex);
  if (object.owner != kNoThread) fail(FindingCode::misuse, "destroy-locked", event.pc);
  point(event);
  scheduler().step(event);
  scheduler().objects().forget(event.object);
  return 0;
}

TRAMA_EXPORT int pthread_mutex_lock(pthread_mutex_t* mutex) {
  if (!g_active) return TRAMA_REAL(pthread_mutex_lock)(mutex);
  look_if_guided(TRAMA_FRAME);
  const int result = lock(mutex, Operation::lock, 0, TRAMA_PC);
  tidy_stack();
  return result;
}

TRAMA_EXPORT int pthread_mutex_trylock(pthread_mutex_t* mutex) {
  if (!g_active) return TRAMA_REAL(pthread_mutex_trylock)(mutex);
  look_if_guided(TRAMA_FRAME);
  Event event = make_event(Operation::try_lock, mutex, TRAMA_PC);
  const SyncObject& object = mutex_of(event, mutex);
  if (object.owner == kNoThread || object.owner == self()) {
    point(event);
  } else {
    point_look(event, look_code(TRAMA_FRAME), object.owner);
  }
  return scheduler().try_lock(event) ? settle_robust(event.object, mutex, TRAMA_PC) : EBUSY;
}

TRAMA_EXPORT int pthread_mutex_timedlock(pthread_mutex_t* mutex, const timespec* until) {
  if (!g_active) return TRAMA_REAL(pthread_mutex_timedlock)(mutex, until);
  if (!is_valid(*until)) return EINVAL;
  return lock(mutex, Operation::timed_lock, deadline_of(CLOCK_REALTIME, *until), TRAMA_PC);
}

TRAMA_EXPORT int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock,
                                         const timespec* until) {
  if (!g_active) return TRAMA_REAL(pthread_mutex_clocklock)(mutex, clock, until);
  if (!is_valid(*until)) return EINVAL;
  return lock(mutex, Operation::timed_lock, deadline_of(clock, *until), TRAMA_PC);
}

__attribute__((noinline)) static int unlock(pthread_mutex_t* mutex, void* pc) {
  Event event = make_event(Operation::unlock, mutex, pc);
  SyncObject& object = mutex_of(event, mutex);
  const bool checks =
      object.lock_kind == LockKind::error_check || object.robustness != Robustness::none;
  if (checks && object.owner != self()) return EPERM;
  point(event);
  if (object.robustness == Robustness::inconsistent && object.depth == 1) {
    object.robustness = Robustness::lost;
  }
  switch (scheduler().unlock(event)) {
    case LockError::none: return 0;
    case LockError::not_locked: fail(FindingCode::misuse, "unlock-not-locked", event.pc);
    case LockError::not_owner: fail(FindingCode::misuse, "unlock-not-owner", event.pc);
  }
  return 0;
}
TRAMA_EXPORT int pthread_mutex_unlock(pthread_mutex_t* mutex) {
  if (!g_active) return TRAMA_REAL(pthread_mutex_unlock)(mutex);
  const int result = unlock(mutex, TRAMA_PC);
  tidy_stack();
  return result;
}
