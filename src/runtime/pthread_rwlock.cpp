// Reader-writer locks and spin locks: pthread_rwlock_* (std::shared_mutex and its timed
// relative) and pthread_spin_*.
//
// No preference between readers and writers: which of them comes next is the strategy's
// choice, as the standard leaves it open.
#include <errno.h>
#include <pthread.h>

#include "runtime/engine.hpp"
#include "runtime/guided_atomic.hpp"
#include "runtime/real.hpp"
#include "runtime/time.hpp"

namespace trama::runtime {
namespace {

SyncObject& lock_at(Event& event, ObjectKind kind) {
  return scheduler().objects()[object_of(event, kind)];
}

int write_lock(const void* address, std::uint64_t deadline_ns, void* pc) {
  Event event = make_event(deadline_ns == 0 ? Operation::lock : Operation::timed_lock, address, pc);
  if (lock_at(event, ObjectKind::rwlock).owner == self()) {
    fail(FindingCode::misuse, "lock-twice", event.pc);
  }
  event.deadline_ns = deadline_ns;
  point(event);
  if (deadline_ns != 0) return scheduler().timed_lock(event) ? 0 : ETIMEDOUT;
  scheduler().lock(event);
  return 0;
}

int read_lock(const void* address, std::uint64_t deadline_ns, void* pc) {
  Event event = make_event(Operation::read_lock, address, pc);
  if (lock_at(event, ObjectKind::rwlock).owner == self()) {
    fail(FindingCode::misuse, "lock-twice", event.pc);
  }
  event.deadline_ns = deadline_ns;
  point(event);
  return scheduler().read_lock(event) ? 0 : ETIMEDOUT;
}

int unlock(const volatile void* address, ObjectKind kind, void* pc) {
  Event event = make_event(Operation::unlock, const_cast<const void*>(address), pc);
  lock_at(event, kind);
  point(event);
  switch (scheduler().unlock(event)) {
    case LockError::none: return 0;
    case LockError::not_locked: fail(FindingCode::misuse, "unlock-not-locked", event.pc);
    case LockError::not_owner: fail(FindingCode::misuse, "unlock-not-owner", event.pc);
  }
  return 0;
}

int destroy(const volatile void* address, ObjectKind kind, void* pc) {
  Event event = make_event(Operation::destroy, const_cast<const void*>(address), pc);
  const SyncObject& object = lock_at(event, kind);
  if (object.owner != kNoThread || !object.readers.empty()) {
    fail(FindingCode::misuse, "destroy-locked", event.pc);
  }
  point(event);
  scheduler().step(event);
  scheduler().objects().forget_at(address);
  return 0;
}

}  // namespace
}  // namespace trama::runtime

using namespace trama::runtime;
using trama::Event;
using trama::FindingCode;
using trama::ObjectKind;
using trama::Operation;

TRAMA_EXPORT int pthread_rwlock_init(pthread_rwlock_t* lock, const pthread_rwlockattr_t* how) {
  if (g_active) scheduler().objects().forget_at(lock);
  return TRAMA_REAL(pthread_rwlock_init)(lock, how);
}
TRAMA_EXPORT int pthread_rwlock_destroy(pthread_rwlock_t* lock) {
  if (!g_active) return TRAMA_REAL(pthread_rwlock_destroy)(lock);
  return destroy(lock, ObjectKind::rwlock, TRAMA_PC);
}
TRAMA_EXPORT int pthread_rwlock_rdlock(pthread_rwlock_t* lock) {
  if (!g_active) return TRAMA_REAL(pthread_rwlock_rdlock)(lock);
  look_if_guided(TRAMA_FRAME);
  return read_lock(lock, 0, TRAMA_PC);
}
TRAMA_EXPORT int pthread_rwlock_wrlock(pthread_rwlock_t* lock) {
  if (!g_active) return TRAMA_REAL(pthread_rwlock_wrlock)(lock);
  look_if_guided(TRAMA_FRAME);
  return write_lock(lock, 0, TRAMA_PC);
}
TRAMA_EXPORT int pthread_rwlock_tryrdlock(pthread_rwlock_t* lock) {
  if (!g_active) return TRAMA_REAL(pthread_rwlock_tryrdlock)(lock);
  look_if_guided(TRAMA_FRAME);
  Event event = make_event(Operation::try_read_lock, lock, TRAMA_PC);
  lock_at(event, ObjectKind::rwlock);
  point(event);
  return scheduler().try_read_lock(event) ? 0 : EBUSY;
}
TRAMA_EXPORT int pthread_rwlock_trywrlock(pthread_rwlock_t* lock) {
  if (!g_active) return TRAMA_REAL(pthread_rwlock_trywrlock)(lock);
  look_if_guided(TRAMA_FRAME);
  Event event = make_event(Operation::try_lock, lock, TRAMA_PC);
  lock_at(event, ObjectKind::rwlock);
  point(event);
  return scheduler().try_lock(event) ? 0 : EBUSY;
}
TRAMA_EXPORT int pthread_rwlock_timedrdlock(pthread_rwlock_t* lock, const timespec* until) {
  if (!g_active) return TRAMA_REAL(pthread_rwlock_timedrdlock)(lock, until);
  if (!is_valid(*until)) return EINVAL;
  return read_lock(lock, deadline_of(CLOCK_REALTIME, *until), TRAMA_PC);
}
TRAMA_EXPORT int pthread_rwlock_timedwrlock(pthread_rwlock_t* lock, const timespec* until) {
  if (!g_active) return TRAMA_REAL(pthread_rwlock_timedwrlock)(lock, until);
  if (!is_valid(*until)) return EINVAL;
  return write_lock(lock, deadline_of(CLOCK_REALTIME, *until), TRAMA_PC);
}
TRAMA_EXPORT int pthread_rwlock_clockrdlock(pthread_rwlock_t* lock, clockid_t clock,
                                            const timespec* until) {
  if (!g_active) return TRAMA_REAL(pthread_rwlock_clockrdlock)(lock, clock, until);
  if (!is_valid(*until)) return EINVAL;
  return read_lock(lock, deadline_of(clock, *until), TRAMA_PC);
}
TRAMA_EXPORT int pthread_rwlock_clockwrlock(pthread_rwlock_t* lock, clockid_t clock,
                                            const timespec* until) {
  if (!g_active) return TRAMA_REAL(pthread_rwlock_clockwrlock)(lock, clock, until);
  if (!is_valid(*until)) return EINVAL;
  return write_lock(lock, deadline_of(clock, *until), TRAMA_PC);
}
TRAMA_EXPORT int pthread_rwlock_unlock(pthread_rwlock_t* lock) {
  if (!g_active) return TRAMA_REAL(pthread_rwlock_unlock)(lock);
  return unlock(lock, ObjectKind::rwlock, TRAMA_PC);
}

// Spin locks are mutexes that wait in another way: under control nobody spins.

TRAMA_EXPORT int pthread_spin_init(pthread_spinlock_t* lock, int shared) {
  if (g_active) scheduler().objects().forget_at(lock);
  return TRAMA_REAL(pthread_spin_init)(lock, shared);
}
TRAMA_EXPORT int pthread_spin_destroy(pthread_spinlock_t* lock) {
  if (!g_active) return TRAMA_REAL(pthread_spin_destroy)(lock);
  return destroy(lock, ObjectKind::mutex, TRAMA_PC);
}
TRAMA_EXPORT int pthread_spin_lock(pthread_spinlock_t* lock) {
  if (!g_active) return TRAMA_REAL(pthread_spin_lock)(lock);
  look_if_guided(TRAMA_FRAME);
  Event event = make_event(Operation::lock, const_cast<const int*>(lock), TRAMA_PC);
  if (lock_at(event, ObjectKind::mutex).owner == self()) {
    fail(FindingCode::misuse, "lock-twice", event.pc);
  }
  point(event);
  scheduler().lock(event);
  return 0;
}
TRAMA_EXPORT int pthread_spin_trylock(pthread_spinlock_t* lock) {
  if (!g_active) return TRAMA_REAL(pthread_spin_trylock)(lock);
  look_if_guided(TRAMA_FRAME);
  Event event = make_event(Operation::try_lock, const_cast<const int*>(lock), TRAMA_PC);
  lock_at(event, ObjectKind::mutex);
  point(event);
  return scheduler().try_lock(event) ? 0 : EBUSY;
}
TRAMA_EXPORT int pthread_spin_unlock(pthread_spinlock_t* lock) {
  if (!g_active) return TRAMA_REAL(pthread_spin_unlock)(lock);
  return unlock(lock, ObjectKind::mutex, TRAMA_PC);
}
