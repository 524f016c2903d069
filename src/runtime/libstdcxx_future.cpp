// promise::set_value_at_thread_exit: what makes the future ready is compiled into libstdc++.so,
// where no instrumentation sees it. Its reference to the shared state and its release of the
// result are told to the detector.
#include <cstdint>

#include "runtime/engine.hpp"
#include "runtime/real.hpp"

namespace trama::runtime {
namespace {

// As in <bits/shared_ptr_base.h>: virtual functions in their order, and the counts.
struct SharedCount {
  struct Functions {
    void* destructors[2];
    void (*dispose)(SharedCount*);
    void (*destroy)(SharedCount*);
  };
  const Functions* functions;
  std::int32_t uses;
  std::int32_t weak_uses;
};
// As in <future>.
struct SharedState {
  void* functions;
  void* result;
  std::uint32_t status;
};
struct MakeReady {
  MakeReady* next;
  void (*callback)(void*);
  SharedState* state;
  SharedCount* count;
};

void (*g_real_callback)(void*) = nullptr;

std::int32_t add(std::int32_t& count, std::int32_t change) {
  engine().detector.atomic_rmw(self(), reinterpret_cast<std::uint64_t>(&count), sizeof count,
                               MemoryOrder::acq_rel);
  count += change;
  return count;
}

void make_ready(void* element) {
  const MakeReady& ready = *static_cast<MakeReady*>(element);
  SharedState* state = ready.state;
  SharedCount* count = ready.count;
  if (!g_active || count == nullptr || count->uses == 0) return g_real_callback(element);
  // A reference of our own, so that the state ends here and not where nobody sees it.
  add(count->uses, 1);
  engine().detector.atomic_rmw(self(), reinterpret_cast<std::uint64_t>(&state->status),
                               sizeof state->status, MemoryOrder::release);
  g_real_callback(element);
  if (add(count->uses, -1) != 0) return;
  count->functions->dispose(count);
  if (add(count->weak_uses, -1) == 0) count->functions->destroy(count);
}

}  // namespace
}  // namespace trama::runtime

using namespace trama::runtime;

// std::__future_base::_State_baseV2::_Make_ready::_M_set(): enters itself among what is to be
// done at the thread's end.
TRAMA_EXPORT void _ZNSt13__future_base13_State_baseV211_Make_ready6_M_setEv(MakeReady* element) {
  using Signature = void (*)(MakeReady*);
  static auto* real = reinterpret_cast<Signature>(
      find_real("_ZNSt13__future_base13_State_baseV211_Make_ready6_M_setEv"));
  real(element);
  g_real_callback = element->callback;
  element->callback = &make_ready;
}
