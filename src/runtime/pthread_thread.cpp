// Threads: their beginning and end, and what hangs on a thread's life: its thread_local objects
// and its pthread keys. Others: pthread_join.cpp, pthread_cancel.cpp.
#include <errno.h>
#include <pthread.h>

#include <cstring>

#include "runtime/engine.hpp"
#include "runtime/exit_handlers.hpp"
#include "runtime/heap.hpp"
#include "runtime/late_statics.hpp"
#include "runtime/real.hpp"
#include "runtime/robust.hpp"
#include "runtime/signal_state.hpp"
#include "runtime/syscall.hpp"
#include "runtime/thread_end.hpp"
#include "runtime/timers.hpp"

namespace trama::runtime {
namespace {

void run_tls_destructors(Fiber& fiber) {
  while (!fiber.destructors.empty()) {
    const TlsDestructor last = fiber.destructors.back();
    fiber.destructors.pop_back();
    last.function(last.object);
  }
}

struct Key {
  bool used = false;
  void (*destructor)(void*) = nullptr;
};
constexpr unsigned kKeyCount = 1024;  // PTHREAD_KEYS_MAX
Key g_keys[kKeyCount];
Key g_keys_at_start[kKeyCount];

void run_key_destructors(Fiber& fiber) {
  for (int round = 0; round < 4; ++round) {  // PTHREAD_DESTRUCTOR_ITERATIONS
    bool any = false;
    for (std::size_t key = 0; key < fiber.specific.size(); ++key) {
      void* value = fiber.specific[key];
      if (value == nullptr || !g_keys[key].used || g_keys[key].destructor == nullptr) continue;
      fiber.specific[key] = nullptr;
      any = true;
      look_at_list_of_thread_end(static_cast<unsigned>(key), value);
      g_keys[key].destructor(value);
    }
    if (!any) return;
  }
}

}  // namespace

void snapshot_keys() { std::memcpy(g_keys_at_start, g_keys, sizeof g_keys); }
void restore_keys() { std::memcpy(g_keys, g_keys_at_start, sizeof g_keys); }

void run_thread_destructors() {
  Fiber& fiber = *engine().running;
  run_tls_destructors(fiber);
  run_key_destructors(fiber);
}

/// Under a guide it must follow from what a thread itself has seen whether it ends the process. So
/// that is for the main thread to do, when it has seen all the others end. (They are in the order of
/// their numbers: who made one has a lower number than that.)
static void outlive_others() {
  // Who was joined ended before main did, and so did all that those have joined.
  bool all_joined = true;
  for (ThreadId other = 1; other < scheduler().thread_count(); ++other) {
    const ThreadState& state = scheduler().state(other);
    all_joined = all_joined && (state.joined || state.status == ThreadStatus::unused);
  }
  if (all_joined) return;
  const Event end = make_event(Operation::finish, nullptr, nullptr);
  point(end);
  scheduler().leave_main(end);
  engine().fibers.end_stack(*engine().running);
  for (ThreadId other = 1; other < scheduler().thread_count(); ++other) {
    if (scheduler().state(other).status == ThreadStatus::unused) continue;
    Event join = make_event(Operation::join, nullptr, nullptr);
    join.other = other;
    point(join);
    scheduler().outlive(join);
  }
}

void finish_thread() {
  Fiber& fiber = *engine().running;
  run_thread_destructors();
  abandon_robust_mutexes();
  const ThreadId me = self();
  // No choice here: a thread's end only lets its joiner go on, so what the others do between
  // its last step and its end could as well be done after both.
  const Event event = make_event(Operation::finish, nullptr, nullptr);
  if (scheduler().guide() != nullptr && me == kMainThread) outlive_others();
  // The process ends with its last thread, when main has left by pthread_exit.
  if (scheduler().last_alive() || only_timers_are_left()) {
    if (engine().session) {
      scheduler().outlive_all();
      exit_execution(0, 0);
    }
    scheduler().step(event);
    scheduler().end(EndReason::finished);
    leave();
  }
  if (scheduler().guide() != nullptr) point(event);
  const ThreadId next = scheduler().finish(event);
  engine().fibers.end_storage(fiber);
  if (scheduler().state(me).detached) engine().fibers.release(fiber);
  go(next);
  __builtin_unreachable();
}

}  // namespace trama::runtime

using namespace trama::runtime;
using trama::Event;
using trama::FindingCode;
using trama::kNoThread;
using trama::Operation;
using trama::ThreadId;

extern "C" void trama_fiber_main() {
  Fiber& fiber = *engine().running;
  Event event =
      make_event(Operation::start, nullptr,
                 reinterpret_cast<void*>(reinterpret_cast<std::uint64_t>(fiber.function) + 1));
  scheduler().step(event);
  if (g_signalled_count != 0) take_signals();
  fiber.result = fiber.function(fiber.argument);
  finish_thread();
}

TRAMA_EXPORT int pthread_create(pthread_t* handle, const pthread_attr_t* attributes,
                                void* (*function)(void*), void* argument) {
  if (!g_active) {
    construct_statics_later();
    note_native_thread();
    return TRAMA_REAL(pthread_create)(handle, attributes, function, argument);
  }
  // No choice here either: the new thread need not be the next to run.
  Event event = make_event(Operation::create, nullptr, TRAMA_PC);
  if (scheduler().guide() != nullptr) {
    point(event);
  } else if (engine().recorder != nullptr) {
    announce_to_recorder();
  }
  const ThreadId child = scheduler().create(event);
  if (child == kNoThread) fail(FindingCode::blind, "thread-limit", event.pc, "1024");
  Fiber* fiber = engine().fibers.acquire(child, function, argument);
  if (fiber == nullptr) {
    fail(FindingCode::blind, "thread-limit", event.pc, "1024");
  }
  inherit_signal_mask(child);
  int detached = PTHREAD_CREATE_JOINABLE;
  if (attributes != nullptr) pthread_attr_getdetachstate(attributes, &detached);
  if (detached == PTHREAD_CREATE_DETACHED) scheduler().detach(child);
  *handle = fiber->thread_pointer;
  return 0;
}

TRAMA_EXPORT int pthread_setname_np(pthread_t handle, const char* name) {
  if (!g_active) return TRAMA_REAL(pthread_setname_np)(handle, name);
  if (std::strlen(name) > 15) return ERANGE;
  Fiber* fiber = engine().fibers.find(handle);
  if (fiber == nullptr) return ESRCH;
  std::strcpy(fiber->name, name);
  return 0;
}
TRAMA_EXPORT int pthread_getname_np(pthread_t handle, char* name, std::size_t size) {
  if (!g_active) return TRAMA_REAL(pthread_getname_np)(handle, name, size);
  const Fiber* fiber = engine().fibers.find(handle);
  if (fiber == nullptr) return ESRCH;
  if (size <= std::strlen(fiber->name)) return ERANGE;
  std::strcpy(name, fiber->name);
  return 0;
}

TRAMA_EXPORT pid_t gettid() {
  const auto pid = static_cast<pid_t>(raw_syscall(SYS_gettid));
  return g_active ? pid + self() : pid;
}

TRAMA_EXPORT int __cxa_thread_atexit_impl(void (*function)(void*), void* object, void* module) {
  if (!g_active) {
    using Signature = int (*)(void (*)(void*), void*, void*);
    static auto* real = reinterpret_cast<Signature>(find_real("__cxa_thread_atexit_impl"));
    return real(function, object, module);
  }
  engine().running->destructors.push_back({function, object});
  return 0;
}

// -- Keys. All of the process use ours, from its start, so that there is one kind only. -----

TRAMA_EXPORT int pthread_key_create(pthread_key_t* key, void (*destructor)(void*)) {
  for (unsigned i = 0; i < kKeyCount; ++i) {
    bool expected = false;
    if (__atomic_compare_exchange_n(&g_keys[i].used, &expected, true, false, __ATOMIC_SEQ_CST,
                                    __ATOMIC_SEQ_CST)) {
      g_keys[i].destructor = destructor;
      *key = i;
      return 0;
    }
  }
  return EAGAIN;
}
TRAMA_EXPORT int pthread_key_delete(pthread_key_t key) {
  if (key >= kKeyCount || !g_keys[key].used) return EINVAL;
  g_keys[key] = {};
  if (g_active) {
    for (unsigned i = 0; i < scheduler().thread_count(); ++i) {
      Fiber& fiber = engine().fibers.of(static_cast<ThreadId>(i));
      if (key < fiber.specific.size()) fiber.specific[key] = nullptr;
    }
  }
  return 0;
}

namespace {
// Outside control: one table a kernel thread, in libc's own key of that purpose.
pthread_key_t g_table_key;
bool g_table_key_made = false;

void** native_table(bool make) {
  using Create = int (*)(pthread_key_t*, void (*)(void*));
  using Get = void* (*)(pthread_key_t);
  using Set = int (*)(pthread_key_t, const void*);
  static auto* create = reinterpret_cast<Create>(find_real("pthread_key_create"));
  static auto* get = reinterpret_cast<Get>(find_real("pthread_getspecific"));
  static auto* set = reinterpret_cast<Set>(find_real("pthread_setspecific"));
  if (!g_table_key_made) {
    if (!make) return nullptr;
    create(&g_table_key, [](void* table) {
      auto** values = static_cast<void**>(table);
      for (unsigned i = 0; i < kKeyCount; ++i) {
        if (values[i] != nullptr && g_keys[i].destructor != nullptr) {
          void* value = values[i];
          values[i] = nullptr;
          g_keys[i].destructor(value);
        }
      }
      free(table);
    });
    g_table_key_made = true;
  }
  auto** table = static_cast<void**>(get(g_table_key));
  if (table == nullptr && make) {
    table = static_cast<void**>(calloc(kKeyCount, sizeof(void*)));
    set(g_table_key, table);
  }
  return table;
}
}  // namespace

TRAMA_EXPORT void* pthread_getspecific(pthread_key_t key) {
  if (key >= kKeyCount) return nullptr;
  if (!g_active) {
    void** table = native_table(false);
    return table == nullptr ? nullptr : table[key];
  }
  note_key_asked_for(key, reinterpret_cast<std::uint64_t>(TRAMA_PC));
  const Fiber& fiber = *engine().running;
  return key < fiber.specific.size() ? fiber.specific[key] : nullptr;
}
TRAMA_EXPORT int pthread_setspecific(pthread_key_t key, const void* value) {
  if (key >= kKeyCount || !g_keys[key].used) return EINVAL;
  if (!g_active) {
    native_table(true)[key] = const_cast<void*>(value);
    return 0;
  }
  Fiber& fiber = *engine().running;
  if (key >= fiber.specific.size()) fiber.specific.resize(key + 1U, nullptr);
  fiber.specific[key] = const_cast<void*>(value);
  return 0;
}
