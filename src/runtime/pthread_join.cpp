// Joining and detaching threads.
#include <errno.h>
#include <pthread.h>

#include "runtime/cancel.hpp"
#include "runtime/engine.hpp"
#include "runtime/guided_atomic.hpp"
#include "runtime/loop_watch.hpp"
#include "runtime/real.hpp"
#include "runtime/time.hpp"

namespace trama::runtime {
namespace {

/// The fiber of a thread that may still be joined; a finding where it was joined already.
Fiber& joinable(pthread_t handle, std::uint64_t pc) {
  Fiber* fiber = engine().fibers.find(handle);
  if (fiber == nullptr || !fiber->in_use) fail(FindingCode::misuse, "join-twice", pc);
  if (fiber->thread == self()) fail(FindingCode::misuse, "self-join", pc);
  return *fiber;
}

bool is_over(ThreadId thread) { return scheduler().state(thread).is_over(); }

/// Not of the main thread that still has the process's end to see to.
void release_ended(Fiber& fiber, ThreadId thread) {
  if (scheduler().state(thread).status == ThreadStatus::finished) engine().fibers.release(fiber);
}

inline int take(Fiber& fiber, const Event& event, void** result) {
  // Somebody else may have joined it in the meantime, and a new thread may have its fiber.
  if (!fiber.in_use || fiber.thread != event.other || scheduler().state(event.other).joined) {
    fail(FindingCode::misuse, "join-twice", event.pc);
  }
  scheduler().join(event);
  if (result != nullptr) *result = fiber.result;
  release_ended(fiber, event.other);
  return 0;
}

[[gnu::always_inline]] inline int join(pthread_t handle, void** result, std::uint64_t deadline_ns,
                                       void* pc) {
  const auto call = reinterpret_cast<std::uint64_t>(pc);
  Fiber& fiber = joinable(handle, call);
  if (scheduler().state(fiber.thread).detached) return EINVAL;
  Event& event = scheduler().prepare();
  event.operation = Operation::join;
  event.other = fiber.thread;
  event.pc = call;
  event.deadline_ns = deadline_ns;
  cancellation_point(event);
  const std::uint64_t start_ns = scheduler().now_ns();
  point_prepared();
  note_blocked(start_ns, call);
  cancellation_point(event);
  if (deadline_ns != 0 && !is_over(event.other)) {
    event.outcome = Outcome::timed_out;
    scheduler().step(event);
    return ETIMEDOUT;
  }
  return take(fiber, event, result);
}

}  // namespace
}  // namespace trama::runtime

using namespace trama::runtime;
using trama::Event;
using trama::Operation;
using trama::Outcome;

TRAMA_EXPORT int pthread_join(pthread_t handle, void** result) {
  if (!g_active) return TRAMA_REAL(pthread_join)(handle, result);
  return join(handle, result, 0, TRAMA_PC);
}
TRAMA_EXPORT int pthread_timedjoin_np(pthread_t handle, void** result, const timespec* until) {
  if (!g_active) return TRAMA_REAL(pthread_timedjoin_np)(handle, result, until);
  if (until == nullptr) return join(handle, result, 0, TRAMA_PC);
  if (!is_valid(*until)) return EINVAL;
  return join(handle, result, deadline_of(CLOCK_REALTIME, *until), TRAMA_PC);
}
TRAMA_EXPORT int pthread_clockjoin_np(pthread_t handle, void** result, clockid_t clock,
                                      const timespec* until) {
  if (!g_active) return TRAMA_REAL(pthread_clockjoin_np)(handle, result, clock, until);
  if (until == nullptr) return join(handle, result, 0, TRAMA_PC);
  if (!is_valid(*until)) return EINVAL;
  return join(handle, result, deadline_of(clock, *until), TRAMA_PC);
}
TRAMA_EXPORT int pthread_tryjoin_np(pthread_t handle, void** result) {
  if (!g_active) return TRAMA_REAL(pthread_tryjoin_np)(handle, result);
  look_if_guided(TRAMA_FRAME);
  Event event = make_event(Operation::try_join, nullptr, TRAMA_PC);
  Fiber& fiber = joinable(handle, event.pc);
  event.other = fiber.thread;
  if (scheduler().state(event.other).detached) return EINVAL;
  point(event);
  if (!is_over(event.other)) {
    event.outcome = Outcome::failed;
    scheduler().step(event);
    return EBUSY;
  }
  return take(fiber, event, result);
}

TRAMA_EXPORT int pthread_detach(pthread_t handle) {
  if (!g_active) return TRAMA_REAL(pthread_detach)(handle);
  Fiber* fiber = engine().fibers.find(handle);
  if (fiber == nullptr || !fiber->in_use) return ESRCH;
  Event event = make_event(Operation::detach, nullptr, TRAMA_PC);
  event.other = fiber->thread;
  if (scheduler().state(event.other).detached) return EINVAL;
  point(event);
  scheduler().step(event);
  scheduler().detach(event.other);
  release_ended(*fiber, event.other);
  return 0;
}
