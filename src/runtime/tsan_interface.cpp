// What programs may call of ThreadSanitizer by hand: annotations of their own synchronisation.
//
// They draw the edges that they promise, as clang's <sanitizer/tsan_interface.h> says, for what
// no instrumentation sees: locks in assembler, or over futexes. annotations.cpp has those about
// memory, tsan_fiber.cpp those about fibers.
#include <cstdint>

#include "runtime/annotations.hpp"
#include "runtime/engine.hpp"
#include "runtime/real.hpp"

namespace trama::runtime {
namespace {

SyncVar& clock_at(const volatile void* address) {
  ObjectTable& objects = scheduler().objects();
  const auto at = reinterpret_cast<std::uint64_t>(address);
  return objects[objects.find_or_make(at, ObjectKind::memory)].clock;
}

void acquire(const volatile void* address) {
  if (g_active) engine().detector.acquire(self(), clock_at(address));
}
void release(const volatile void* address) {
  if (g_active) engine().detector.release(self(), clock_at(address));
}

// Flags of <sanitizer/tsan_interface.h>.
constexpr unsigned kReadLock = 1U << 3U;
constexpr unsigned kTryLockFailed = 1U << 5U;
constexpr unsigned kRecursiveLock = 1U << 6U;
constexpr unsigned kRecursiveUnlock = 1U << 7U;

SyncObject& lock_at(const volatile void* address) {
  ObjectTable& objects = scheduler().objects();
  const auto at = reinterpret_cast<std::uint64_t>(address);
  return objects[objects.find_or_make(at, ObjectKind::memory)];
}

/// Readers learn from writers, writers from all.
void locked(const volatile void* address, bool reader, unsigned flags, int recursion) {
  if (!g_active) return;
  SyncObject& lock = lock_at(address);
  engine().detector.acquire(self(), lock.clock);
  if (reader) return;
  engine().detector.acquire(self(), lock.read_clock);
  const bool again = (flags & kRecursiveLock) != 0 && recursion > 0;
  lock.depth += again ? static_cast<std::uint32_t>(recursion) : 1;
}

/// How often the lock was taken and is given back now.
int unlocks(const volatile void* address, bool reader, unsigned flags) {
  if (!g_active) return 0;
  SyncObject& lock = lock_at(address);
  engine().detector.release(self(), reader ? lock.read_clock : lock.clock);
  if (reader || lock.depth == 0) return 0;
  const std::uint32_t levels = (flags & kRecursiveUnlock) != 0 ? lock.depth : 1;
  lock.depth -= levels;
  return static_cast<int>(levels);
}

}  // namespace
}  // namespace trama::runtime

using namespace trama::runtime;

TRAMA_EXPORT void __tsan_acquire(void* address) { acquire(address); }
TRAMA_EXPORT void __tsan_release(void* address) { release(address); }
TRAMA_EXPORT void AnnotateHappensBefore(char*, int, volatile void* address) { release(address); }
TRAMA_EXPORT void AnnotateHappensAfter(char*, int, volatile void* address) { acquire(address); }
TRAMA_EXPORT void WTFAnnotateHappensBefore(char*, int, volatile void* at) { release(at); }
TRAMA_EXPORT void WTFAnnotateHappensAfter(char*, int, volatile void* at) { acquire(at); }

// -- Locks of the program's own ------------------------------------------------------------
//
// What such a lock does inside, from pre_lock to post_lock and from pre_unlock to post_unlock, is
// its own affair: plain accesses there are not looked at. Atomics are steps as ever.

TRAMA_EXPORT void __tsan_mutex_create(void*, unsigned) {}
TRAMA_EXPORT void __tsan_mutex_destroy(void*, unsigned) {}
TRAMA_EXPORT void __tsan_mutex_pre_lock(void*, unsigned) { begin_ignoring(true, true); }
TRAMA_EXPORT void __tsan_mutex_post_lock(void* mutex, unsigned flags, int recursion) {
  end_ignoring(true, true);
  if ((flags & kTryLockFailed) == 0) locked(mutex, (flags & kReadLock) != 0, flags, recursion);
}
TRAMA_EXPORT int __tsan_mutex_pre_unlock(void* mutex, unsigned flags) {
  const int levels = unlocks(mutex, (flags & kReadLock) != 0, flags);
  begin_ignoring(true, true);
  return levels;
}
TRAMA_EXPORT void __tsan_mutex_post_unlock(void*, unsigned) { end_ignoring(true, true); }
// Waking others is a part of the lock; what it calls of the program's (divert) is not.
TRAMA_EXPORT void __tsan_mutex_pre_signal(void*, unsigned) { begin_ignoring(true, true); }
TRAMA_EXPORT void __tsan_mutex_post_signal(void*, unsigned) { end_ignoring(true, true); }
TRAMA_EXPORT void __tsan_mutex_pre_divert(void*, unsigned) { end_ignoring(true, true); }
TRAMA_EXPORT void __tsan_mutex_post_divert(void*, unsigned) { begin_ignoring(true, true); }

TRAMA_EXPORT void AnnotateRWLockCreate(char*, int, volatile void*) {}
TRAMA_EXPORT void AnnotateRWLockCreateStatic(char*, int, volatile void*) {}
TRAMA_EXPORT void AnnotateRWLockDestroy(char*, int, volatile void*) {}
TRAMA_EXPORT void AnnotateRWLockAcquired(char*, int, volatile void* lock, long is_writer) {
  locked(lock, is_writer == 0, 0, 0);
}
TRAMA_EXPORT void AnnotateRWLockReleased(char*, int, volatile void* lock, long is_writer) {
  unlocks(lock, is_writer == 0, 0);
}

// Accepted, and of no effect here.
#define TRAMA_IGNORED(name) \
  TRAMA_EXPORT void name() {}
