// One-time initialisation: pthread_once (std::call_once) and function statics.
//
// An initialiser may throw, or its thread may be unwound: then the next thread that comes
// tries again. An exception passes through trama_call_guarded (arch file), whose personality
// routine ends up here and undoes the claim, without a landing pad, so that the runtime needs
// nothing of the C++ exception library.
#include <pthread.h>
#include <unwind.h>

#include <vector>

#include "runtime/arch.hpp"
#include "runtime/engine.hpp"
#include "runtime/guided_atomic.hpp"
#include "runtime/modules.hpp"
#include "runtime/program_symbols.hpp"
#include "runtime/real.hpp"
#include "runtime/syscall.hpp"

namespace trama::runtime {
namespace {

struct Claim {
  ThreadId thread;
  ObjectId object;
  pthread_once_t* control;
};

std::vector<Claim>& claims() {
  static std::vector<Claim>* list = new std::vector<Claim>;
  return *list;
}

Event enter_event(void* control, void* pc) {
  Event event = make_event(Operation::once_enter, control, pc);
  object_of(event, ObjectKind::once);
  if (scheduler().objects()[event.object].owner == self()) {
    fail(FindingCode::misuse, "once-recursive", event.pc);
  }
  return event;
}

Event leave_event(ObjectId object, void* pc) {
  Event event = make_event(Operation::once_leave,
                           reinterpret_cast<void*>(scheduler().objects()[object].address), pc);
  event.object = object;
  return event;
}

/// Each exception that is thrown makes sure of a table of the unwinder's. That is no meeting of threads.
bool is_unwinders(void* pc, void (*initialise)()) {
  static void* const in_program = find_in_file("init_dwarf_reg_size_table");
  return is_unwinder_code(reinterpret_cast<std::uint64_t>(pc)) ||
         (in_program != nullptr && reinterpret_cast<void*>(initialise) == in_program);
}

}  // namespace

/// Forgets the initialisers that an execution left running.
void forget_claims() { claims().clear(); }

/// A guarded call of the current thread is being unwound.
void guard_unwound() {
  for (std::size_t i = claims().size(); i-- > 0;) {
    if (claims()[i].thread != self()) continue;
    const Claim claim = claims()[i];
    claims().erase(claims().begin() + static_cast<std::ptrdiff_t>(i));
    *claim.control = PTHREAD_ONCE_INIT;
    const Event event = leave_event(claim.object, nullptr);
    point_if_guided(event);
    scheduler().once_leave(event, false);
    return;
  }
}

}  // namespace trama::runtime

using namespace trama::runtime;
using trama::Event;
using trama::ObjectKind;
using trama::Operation;

extern "C" _Unwind_Reason_Code trama_guard_personality(int, _Unwind_Action actions,
                                                       _Unwind_Exception_Class, _Unwind_Exception*,
                                                       _Unwind_Context*) {
  if ((actions & _UA_CLEANUP_PHASE) != 0) guard_unwound();
  return _URC_CONTINUE_UNWIND;
}

TRAMA_EXPORT int pthread_once(pthread_once_t* control, void (*initialise)()) {
  if (!g_active || is_unwinders(TRAMA_PC, initialise)) {
    return TRAMA_REAL(pthread_once)(control, initialise);
  }
  Event event = enter_event(control, TRAMA_PC);
  // Done before this execution began: glibc's mark for it.
  if (*control == 2 && !scheduler().objects()[event.object].done) {
    scheduler().objects()[event.object].done = true;
  }
  point(event);
  if (!scheduler().once_enter(event)) return 0;
  claims().push_back({self(), event.object, control});
  trama_call_guarded([](void* function) { reinterpret_cast<void (*)()>(function)(); },
                     reinterpret_cast<void*>(initialise));
  for (std::size_t i = claims().size(); i-- > 0;) {
    if (claims()[i].thread == self()) {
      claims().erase(claims().begin() + static_cast<std::ptrdiff_t>(i));
      break;
    }
  }
  *control = 2;
  const Event left = leave_event(event.object, TRAMA_PC);
  point_if_guided(left);
  scheduler().once_leave(left, true);
  return 0;
}

// Function statics (Itanium C++ ABI, 3.3.3): the first byte of the guard tells the compiled
// code, by an acquire load, that the object exists; the second, ours, that it is being made.
namespace {

/// The C++ library's function, where one is loaded; what it does itself otherwise.
template <typename Result>
Result (*library_guard(const char* name))(std::uint64_t*) {
  return reinterpret_cast<Result (*)(std::uint64_t*)>(dlsym(RTLD_NEXT, name));
}

int acquire_alone(std::uint64_t* guard) {
  auto* bytes = reinterpret_cast<unsigned char*>(guard);
  for (;;) {
    if (__atomic_load_n(&bytes[0], __ATOMIC_ACQUIRE) == 1) return 0;
    unsigned char none = 0;
    if (__atomic_compare_exchange_n(&bytes[1], &none, 1, false, __ATOMIC_ACQUIRE,
                                    __ATOMIC_RELAXED)) {
      if (__atomic_load_n(&bytes[0], __ATOMIC_ACQUIRE) == 0) return 1;
      __atomic_store_n(&bytes[1], 0, __ATOMIC_RELEASE);
      return 0;
    }
    raw_syscall(SYS_sched_yield);
  }
}

void leave_alone(std::uint64_t* guard, bool made) {
  auto* bytes = reinterpret_cast<unsigned char*>(guard);
  if (made) __atomic_store_n(&bytes[0], 1, __ATOMIC_RELEASE);
  __atomic_store_n(&bytes[1], 0, __ATOMIC_RELEASE);
}

}  // namespace

TRAMA_EXPORT int __cxa_guard_acquire(std::uint64_t* guard) {
  if (!g_active) {
    static auto* real = library_guard<int>("__cxa_guard_acquire");
    return real != nullptr ? real(guard) : acquire_alone(guard);
  }
  Event event = enter_event(guard, TRAMA_PC);
  point(event);
  if (*reinterpret_cast<unsigned char*>(guard) == 1) {
    scheduler().objects()[event.object].done = true;
  }
  return scheduler().once_enter(event) ? 1 : 0;
}

TRAMA_EXPORT void __cxa_guard_release(std::uint64_t* guard) {
  if (!g_active) {
    static auto* real = library_guard<void>("__cxa_guard_release");
    return real != nullptr ? real(guard) : leave_alone(guard, true);
  }
  Event event = make_event(Operation::once_leave, guard, TRAMA_PC);
  object_of(event, ObjectKind::once);
  if (scheduler().guide() != nullptr) {
    // The byte is what compiled code looks at: a store like others.
    Event& stores = scheduler().prepare();
    stores = make_event(Operation::store, guard, TRAMA_PC);
    stores.order = trama::MemoryOrder::release;
    stores.size = 1;
    guided_store<unsigned char>(stores, reinterpret_cast<unsigned char*>(guard), 1);
    point(event);
  } else {
    engine().detector.atomic_store(self(), event.address, 1, trama::MemoryOrder::release);
    *reinterpret_cast<unsigned char*>(guard) = 1;
  }
  scheduler().once_leave(event, true);
}

TRAMA_EXPORT void __cxa_guard_abort(std::uint64_t* guard) {
  if (!g_active) {
    static auto* real = library_guard<void>("__cxa_guard_abort");
    return real != nullptr ? real(guard) : leave_alone(guard, false);
  }
  Event event = make_event(Operation::once_leave, guard, TRAMA_PC);
  object_of(event, ObjectKind::once);
  point_if_guided(event);
  scheduler().once_leave(event, false);
}
