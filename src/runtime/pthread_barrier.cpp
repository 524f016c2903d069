// Barriers: pthread_barrier_*. (std::barrier waits on futexes and needs none of this.)
//
// Who arrives publishes what it did; who leaves takes over what all have published.
#include <errno.h>
#include <pthread.h>

#include "runtime/engine.hpp"
#include "runtime/real.hpp"

namespace trama::runtime {
namespace {

/// How many threads meet: the third word of glibc's barrier, put there by its init.
std::uint32_t width_of(const pthread_barrier_t* barrier) {
  return reinterpret_cast<const std::uint32_t*>(barrier)[2];
}

}  // namespace
}  // namespace trama::runtime

using namespace trama::runtime;
using trama::Event;
using trama::FindingCode;
using trama::ObjectKind;
using trama::Operation;

TRAMA_EXPORT int pthread_barrier_init(pthread_barrier_t* barrier,
                                      const pthread_barrierattr_t* attributes, unsigned count) {
  if (g_active) scheduler().objects().forget_at(barrier);
  return TRAMA_REAL(pthread_barrier_init)(barrier, attributes, count);
}

TRAMA_EXPORT int pthread_barrier_destroy(pthread_barrier_t* barrier) {
  if (!g_active) return TRAMA_REAL(pthread_barrier_destroy)(barrier);
  Event event = make_event(Operation::destroy, barrier, TRAMA_PC);
  object_of(event, ObjectKind::barrier);
  if (scheduler().objects()[event.object].waiter_count != 0) {
    fail(FindingCode::misuse, "destroy-waited", event.pc);
  }
  point(event);
  scheduler().step(event);
  scheduler().objects().forget(event.object);
  return 0;
}

TRAMA_EXPORT int pthread_barrier_wait(pthread_barrier_t* barrier) {
  if (!g_active) return TRAMA_REAL(pthread_barrier_wait)(barrier);
  trama::ObjectTable& objects = scheduler().objects();
  Event event = make_event(Operation::arrive, barrier, TRAMA_PC);
  object_of(event, ObjectKind::barrier);
  point(event);
  engine().detector.release(self(), objects[event.object].clock);
  if (objects[event.object].waiter_count + 1 < width_of(barrier)) {
    go(scheduler().wait(event));
    scheduler().woken();
    engine().detector.acquire(self(), objects[event.object].clock);
    return 0;
  }
  engine().detector.acquire(self(), objects[event.object].clock);
  scheduler().wake(event, ~0U);
  return PTHREAD_BARRIER_SERIAL_THREAD;
}
