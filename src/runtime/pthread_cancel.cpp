// Cancellation and pthread_exit: pthread_cancel, pthread_testcancel, the cancel state, cleanup
// handlers. See cancel.hpp.
//
// A stack is unwound frame by frame, destructors and all, as libc does it; the unwinder is
// the program's own. C++ code, and C code with -fexceptions, keep their cleanup handlers in
// the frames. C code without it registers a buffer of setjmp for each, a list with the
// innermost first: when its frame comes, the handler is jumped to, and goes on from there by
// __pthread_unwind_next. A C program may have no unwinder: then the list is all there is.
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <unwind.h>

#include <cstring>

#include "runtime/cancel.hpp"
#include "runtime/program_symbols.hpp"
#include "runtime/real.hpp"
#include "runtime/thread_end.hpp"

namespace trama::runtime {
namespace {

template <typename Function>
Function* lookup(const char* name) {
  return reinterpret_cast<Function*>(find_unwinder(name));
}

[[noreturn]] void jump_to_handler(__pthread_unwind_buf_t* buffer) {
  longjmp(reinterpret_cast<__jmp_buf_tag*>(buffer->__cancel_jmp_buf), 1);
}

__pthread_unwind_buf_t* innermost_handler() {
  return static_cast<__pthread_unwind_buf_t*>(engine().running->cancellation.handlers);
}

/// Asked before each frame is unwound.
_Unwind_Reason_Code at_frame(int, _Unwind_Action actions, _Unwind_Exception_Class,
                             _Unwind_Exception*, _Unwind_Context* context, void*) {
  static auto* frame_of = lookup<decltype(_Unwind_GetCFA)>("_Unwind_GetCFA");
  const bool bottom = (actions & _UA_END_OF_STACK) != 0;
  auto* handler = innermost_handler();
  // The buffer is a local of its function: below the frame that comes, that function is over.
  if (handler != nullptr &&
      (bottom || frame_of(context) > reinterpret_cast<std::uint64_t>(handler))) {
    jump_to_handler(handler);
  }
  if (bottom) finish_thread();
  return _URC_NO_REASON;
}

/// A catch (...) that does not rethrow ends the program.
void caught(_Unwind_Reason_Code, _Unwind_Exception*) {
  fail(FindingCode::abort, "cancel-caught", caller_outside_runtime());
}

/// Where the canceller publishes, and the cancelled learns, what came before.
SyncVar& order_of(const Fiber& fiber) {
  ObjectTable& objects = scheduler().objects();
  return objects[objects.find_or_make(fiber.thread_pointer, ObjectKind::memory)].clock;
}

/// Whether the thread is blocked, or about to be, in a call that is a cancellation point.
bool waits_cancellably(const ThreadState& state) {
  switch (state.status) {
    case ThreadStatus::sleeping: return true;
    case ThreadStatus::waiting:
    case ThreadStatus::ready: break;
    default: return false;
  }
  switch (state.pending.operation) {
    case Operation::wait:
    case Operation::timed_wait:
    case Operation::acquire:
    case Operation::join: return true;
    default: return false;
  }
}

}  // namespace

void act_on_cancellation(const Event& step) {
  Fiber& fiber = *engine().running;
  if (fiber.cancellation.disabled || fiber.cancellation.ending) return;
  Event event = step;
  event.operation = Operation::cancelled;
  event.other = kNoThread;
  event.outcome = Outcome::ok;
  scheduler().give_up(event);
  engine().detector.acquire(self(), order_of(fiber));
  fiber.result = PTHREAD_CANCELED;
  unwind_thread();
}

void unwind_thread() {
  engine().running->cancellation.ending = true;
  static auto* unwind = lookup<decltype(_Unwind_ForcedUnwind)>("_Unwind_ForcedUnwind");
  if (unwind != nullptr) {
    static _Unwind_Exception exceptions[kThreadCountMax];
    _Unwind_Exception& exception = exceptions[self()];
    std::memset(&exception, 0, sizeof exception);
    exception.exception_cleanup = &caught;
    unwind(&exception, &at_frame, nullptr);
  }
  if (auto* handler = innermost_handler()) jump_to_handler(handler);
  finish_thread();
}

}  // namespace trama::runtime

using namespace trama::runtime;
using trama::Event;
using trama::Operation;

TRAMA_EXPORT void pthread_exit(void* result) {
  if (!g_active) {
    TRAMA_REAL(pthread_exit)(result);
    __builtin_unreachable();
  }
  engine().running->result = result;
  unwind_thread();
}

TRAMA_EXPORT int pthread_cancel(pthread_t handle) {
  if (!g_active) return TRAMA_REAL(pthread_cancel)(handle);
  Fiber* fiber = engine().fibers.find(handle);
  if (fiber == nullptr || !fiber->in_use) return ESRCH;
  Event event = make_event(Operation::cancel, nullptr, TRAMA_PC);
  event.other = fiber->thread;
  point(event);
  scheduler().step(event);
  engine().detector.release(self(), order_of(*fiber));
  fiber->cancellation.requested = true;
  const bool acts = !fiber->cancellation.disabled && !fiber->cancellation.ending;
  if (acts && waits_cancellably(scheduler().state(event.other))) {
    scheduler().unblock(event.other);
  }
  return 0;
}

TRAMA_EXPORT void pthread_testcancel() {
  if (!g_active) return TRAMA_REAL(pthread_testcancel)();
  // A yield: a thread that polls in a loop of nothing else has to let others go on.
  const Event event = make_event(Operation::yield, nullptr, TRAMA_PC);
  point(event);
  cancellation_point(event);
  scheduler().step(event);
}

TRAMA_EXPORT int pthread_setcancelstate(int state, int* old) {
  if (!g_active) return TRAMA_REAL(pthread_setcancelstate)(state, old);
  if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE) return EINVAL;
  bool& disabled = engine().running->cancellation.disabled;
  if (old != nullptr) *old = disabled ? PTHREAD_CANCEL_DISABLE : PTHREAD_CANCEL_ENABLE;
  disabled = state == PTHREAD_CANCEL_DISABLE;
  return 0;
}

TRAMA_EXPORT int pthread_setcanceltype(int type, int* old) {
  if (!g_active) return TRAMA_REAL(pthread_setcanceltype)(type, old);
  if (type != PTHREAD_CANCEL_DEFERRED && type != PTHREAD_CANCEL_ASYNCHRONOUS) return EINVAL;
  bool& asynchronous = engine().running->cancellation.asynchronous;
  if (old != nullptr) *old = asynchronous ? PTHREAD_CANCEL_ASYNCHRONOUS : PTHREAD_CANCEL_DEFERRED;
  asynchronous = type == PTHREAD_CANCEL_ASYNCHRONOUS;
  // Such a thread may end between any two instructions: that is not explored.
  if (asynchronous) note_blind("pthread_setcanceltype", TRAMA_PC);
  return 0;
}

// What pthread_cleanup_push and _pop are in C without -fexceptions; the second pair stands for
// their forms with _np, which change the cancel type as well.

TRAMA_EXPORT void __pthread_register_cancel(__pthread_unwind_buf_t* buffer) {
  if (!g_active) {
    static auto* real = reinterpret_cast<decltype(&__pthread_register_cancel)>(
        find_real("__pthread_register_cancel"));
    return real(buffer);
  }
  void*& handlers = engine().running->cancellation.handlers;
  buffer->__pad[0] = handlers;
  handlers = buffer;
}
TRAMA_EXPORT void __pthread_unregister_cancel(__pthread_unwind_buf_t* buffer) {
  if (!g_active) {
    static auto* real = reinterpret_cast<decltype(&__pthread_unregister_cancel)>(
        find_real("__pthread_unregister_cancel"));
    return real(buffer);
  }
  engine().running->cancellation.handlers = buffer->__pad[0];
}
TRAMA_EXPORT void __pthread_register_cancel_defer(__pthread_unwind_buf_t* buffer) {
  if (!g_active) {
    static auto* real = reinterpret_cast<decltype(&__pthread_register_cancel_defer)>(
        find_real("__pthread_register_cancel_defer"));
    return real(buffer);
  }
  __pthread_register_cancel(buffer);
  bool& asynchronous = engine().running->cancellation.asynchronous;
  buffer->__pad[1] = asynchronous ? buffer : nullptr;
  asynchronous = false;
}
TRAMA_EXPORT void __pthread_unregister_cancel_restore(__pthread_unwind_buf_t* buffer) {
  if (!g_active) {
    static auto* real = reinterpret_cast<decltype(&__pthread_unregister_cancel_restore)>(
        find_real("__pthread_unregister_cancel_restore"));
    return real(buffer);
  }
  __pthread_unregister_cancel(buffer);
  engine().running->cancellation.asynchronous = buffer->__pad[1] != nullptr;
}
TRAMA_EXPORT void __pthread_unwind_next(__pthread_unwind_buf_t* buffer) {
  if (!g_active) {
    static auto* real =
        reinterpret_cast<decltype(&__pthread_unwind_next)>(find_real("__pthread_unwind_next"));
    real(buffer);
    __builtin_unreachable();
  }
  engine().running->cancellation.handlers = buffer->__pad[0];
  unwind_thread();
}
