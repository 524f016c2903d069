// Contexts that the program switches by itself: coroutines with stacks, boost.context, and the like.
//
// To switch (swapcontext, or assembler of the program's own) is to go on with another stack on the
// same thread: nothing needs control, and all that a thread does is ordered, whatever stack it
// stands on. A context that goes on in another thread is ordered by what handed it over, if that
// is seen. Where it is not, programs say so by this interface, and its edges are drawn: what a
// fiber did happens before what it does after the next switch to it, and what its creator did
// before all of it.
#include "runtime/engine.hpp"
#include "runtime/real.hpp"

namespace trama::runtime {
namespace {

constexpr unsigned kHandleCount = 4096;

// A handle is an address and nothing more. Where more fibers are made than there are handles,
// two share one, which orders too much rather than too little.
char g_handles[kHandleCount];
unsigned g_handle_next = 0;
std::uint64_t g_handles_of_execution = 0;

__thread char t_own_handle;  // of the thread itself, when it runs no fiber
__thread void* t_current_handle;

SyncVar& clock_of(const void* handle) {
  ObjectTable& objects = scheduler().objects();
  return objects[objects.find_or_make(reinterpret_cast<std::uint64_t>(handle), ObjectKind::memory)]
      .clock;
}

void* current_handle() { return t_current_handle == nullptr ? &t_own_handle : t_current_handle; }

void* new_handle() {
  if (g_handles_of_execution != engine().execution_count) {
    g_handles_of_execution = engine().execution_count;
    g_handle_next = 0;
  }
  return &g_handles[g_handle_next++ % kHandleCount];
}

}  // namespace
}  // namespace trama::runtime

using namespace trama::runtime;

TRAMA_EXPORT void* __tsan_get_current_fiber() { return current_handle(); }
TRAMA_EXPORT void* __tsan_create_fiber(unsigned) {
  if (!g_active) return &g_handles[0];
  void* handle = new_handle();
  engine().detector.release(self(), clock_of(handle));
  return handle;
}
TRAMA_EXPORT void __tsan_destroy_fiber(void*) {}
TRAMA_EXPORT void __tsan_switch_to_fiber(void* fiber, unsigned) {
  if (g_active) {
    engine().detector.release(self(), clock_of(current_handle()));
    engine().detector.acquire(self(), clock_of(fiber));
  }
  t_current_handle = fiber;
}
TRAMA_EXPORT void __tsan_set_fiber_name(void*, const char*) {}
