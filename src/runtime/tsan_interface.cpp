// What programs may call of ThreadSanitizer by hand: annotations of their own synchronisation.
//
// Acquire and release draw the edges they promise. The annotations of mutexes only name what
// the atomics inside those mutexes do anyway, and are accepted.
#include <cstdint>
#include <cstring>

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

}  // namespace
}  // namespace trama::runtime

using trama::runtime::acquire;
using trama::runtime::release;

TRAMA_EXPORT void __tsan_acquire(void* address) { acquire(address); }
TRAMA_EXPORT void __tsan_release(void* address) { release(address); }
TRAMA_EXPORT void AnnotateHappensBefore(char*, int, volatile void* address) { release(address); }
TRAMA_EXPORT void AnnotateHappensAfter(char*, int, volatile void* address) { acquire(address); }
TRAMA_EXPORT void WTFAnnotateHappensBefore(char*, int, volatile void* at) { release(at); }
TRAMA_EXPORT void WTFAnnotateHappensAfter(char*, int, volatile void* at) { acquire(at); }
TRAMA_EXPORT int RunningOnValgrind() { return 0; }
TRAMA_EXPORT double ValgrindSlowdown() { return 10; }  // as GCC's libtsan says
TRAMA_EXPORT const char* ThreadSanitizerQuery(const char* query) {
  return std::strcmp(query, "pure_happens_before") == 0 ? "1" : "0";
}

TRAMA_EXPORT void __tsan_mutex_create(void*, unsigned) {}
TRAMA_EXPORT void __tsan_mutex_destroy(void*, unsigned) {}
TRAMA_EXPORT void __tsan_mutex_pre_lock(void*, unsigned) {}
TRAMA_EXPORT void __tsan_mutex_post_lock(void*, unsigned, int) {}
TRAMA_EXPORT int __tsan_mutex_pre_unlock(void*, unsigned) { return 0; }
TRAMA_EXPORT void __tsan_mutex_post_unlock(void*, unsigned) {}
TRAMA_EXPORT void __tsan_mutex_pre_signal(void*, unsigned) {}
TRAMA_EXPORT void __tsan_mutex_post_signal(void*, unsigned) {}
TRAMA_EXPORT void __tsan_mutex_pre_divert(void*, unsigned) {}
TRAMA_EXPORT void __tsan_mutex_post_divert(void*, unsigned) {}

// Fibers of the program's own, switched by hand, are not followed.
TRAMA_EXPORT void* __tsan_get_current_fiber() { return nullptr; }
TRAMA_EXPORT void* __tsan_create_fiber(unsigned) {
  if (trama::runtime::g_active) trama::runtime::note_blind("__tsan_create_fiber", TRAMA_PC);
  return nullptr;
}
TRAMA_EXPORT void __tsan_destroy_fiber(void*) {}
TRAMA_EXPORT void __tsan_switch_to_fiber(void*, unsigned) {}
TRAMA_EXPORT void __tsan_set_fiber_name(void*, const char*) {}

#define TRAMA_IGNORED(name) \
  TRAMA_EXPORT void name() {}
TRAMA_IGNORED(AnnotateRWLockCreate)
TRAMA_IGNORED(AnnotateRWLockCreateStatic)
TRAMA_IGNORED(AnnotateRWLockDestroy)
TRAMA_IGNORED(AnnotateRWLockAcquired)
TRAMA_IGNORED(AnnotateRWLockReleased)
TRAMA_IGNORED(AnnotateIgnoreReadsBegin)
TRAMA_IGNORED(AnnotateIgnoreReadsEnd)
TRAMA_IGNORED(AnnotateIgnoreWritesBegin)
TRAMA_IGNORED(AnnotateIgnoreWritesEnd)
TRAMA_IGNORED(AnnotateIgnoreSyncBegin)
TRAMA_IGNORED(AnnotateIgnoreSyncEnd)
TRAMA_IGNORED(AnnotateBenignRace)
TRAMA_IGNORED(AnnotateBenignRaceSized)
TRAMA_IGNORED(AnnotateNewMemory)
TRAMA_IGNORED(AnnotateThreadName)
TRAMA_IGNORED(AnnotateCondVarSignal)
TRAMA_IGNORED(AnnotateCondVarSignalAll)
TRAMA_IGNORED(AnnotateCondVarWait)
TRAMA_IGNORED(AnnotateEnableRaceDetection)
TRAMA_IGNORED(AnnotateExpectRace)
TRAMA_IGNORED(AnnotateFlushExpectedRaces)
TRAMA_IGNORED(AnnotateFlushState)
TRAMA_IGNORED(AnnotateMemoryIsInitialized)
TRAMA_IGNORED(AnnotateMemoryIsUninitialized)
TRAMA_IGNORED(AnnotateMutexIsNotPHB)
TRAMA_IGNORED(AnnotateMutexIsUsedAsCondVar)
TRAMA_IGNORED(AnnotateNoOp)
TRAMA_IGNORED(AnnotatePCQCreate)
TRAMA_IGNORED(AnnotatePCQDestroy)
TRAMA_IGNORED(AnnotatePCQGet)
TRAMA_IGNORED(AnnotatePCQPut)
TRAMA_IGNORED(AnnotatePublishMemoryRange)
TRAMA_IGNORED(AnnotateTraceMemory)
TRAMA_IGNORED(AnnotateUnpublishMemoryRange)
TRAMA_IGNORED(WTFAnnotateBenignRaceSized)
