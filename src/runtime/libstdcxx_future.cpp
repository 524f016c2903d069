// promise::set_value_at_thread_exit: what makes the future ready is compiled into libstdc++.so,
// where no instrumentation sees it. Its reference to the shared state and its release of the
// result are told to the detector.
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>
#include <cstdint>

#include "runtime/engine.hpp"
#include "runtime/program_symbols.hpp"
#include "runtime/real.hpp"
#include "runtime/thread_end.hpp"

extern "C" {
unsigned __tsan_atomic32_fetch_add(volatile unsigned* at, unsigned value, int order);
unsigned __tsan_atomic32_exchange(volatile unsigned* at, unsigned value, int order);
}

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
  if (scheduler().guide() != nullptr || engine().history.weak()) {
    auto* bits = reinterpret_cast<volatile unsigned*>(&count);
    const auto by = static_cast<unsigned>(change);
    return static_cast<std::int32_t>(__tsan_atomic32_fetch_add(bits, by, __ATOMIC_ACQ_REL) + by);
  }
  engine().detector.atomic_rmw(self(), reinterpret_cast<std::uint64_t>(&count), sizeof count,
                               MemoryOrder::acq_rel);
  count += change;
  return count;
}

/// What the library does to the status, as steps that the guide sees; then the library finds
/// nothing left to do, and memory stays as the steps left it.
template <typename Library>
void make_ready_in_steps(std::uint32_t& status, Library library) {
  constexpr std::uint32_t kReady = 1;
  constexpr std::uint32_t kSomebodyWaits = 1U << 31;
  if ((__tsan_atomic32_exchange(&status, kReady, __ATOMIC_RELEASE) & kSomebodyWaits) != 0) {
    syscall(SYS_futex, &status, FUTEX_WAKE, INT_MAX);
  }
  const std::uint32_t left = status;
  status = kReady;
  library();
  status = left;
}

void make_ready(void* element) {
  const MakeReady& ready = *static_cast<MakeReady*>(element);
  SharedState* state = ready.state;
  SharedCount* count = ready.count;
  if (!g_active || count == nullptr || count->uses == 0) return g_real_callback(element);
  // A reference of our own, so that the state ends here and not where nobody sees it.
  add(count->uses, 1);
  if (scheduler().guide() != nullptr) {
    make_ready_in_steps(state->status, [&] { g_real_callback(element); });
  } else {
    engine().detector.atomic_rmw(self(), reinterpret_cast<std::uint64_t>(&state->status),
                                 sizeof state->status, MemoryOrder::release);
    g_real_callback(element);
  }
  if (add(count->uses, -1) != 0) return;
  count->functions->dispose(count);
  if (add(count->weak_uses, -1) == 0) count->functions->destroy(count);
}

void watch(MakeReady* element) {
  g_real_callback = element->callback;
  element->callback = &make_ready;
}

/// The library's functions where it stands in the program itself: those cannot be replaced.
struct LibraryInside {
  std::uint64_t at_thread_exit = 0;  // std::__at_thread_exit, which keeps the list under a key
  void (*run)(void*) = nullptr;      // _Make_ready::_S_run
};

LibraryInside find_library_inside() {
  if (!holds_cxx_library()) return {};
  LibraryInside found;
  found.at_thread_exit = reinterpret_cast<std::uint64_t>(
      find_in_file("_ZSt16__at_thread_exitPSt20__at_thread_exit_elt"));
  found.run = reinterpret_cast<void (*)(void*)>(
      find_in_file("_ZNSt13__future_base13_State_baseV211_Make_ready6_S_runEPv"));
  if (found.at_thread_exit == 0) found.run = nullptr;
  return found;
}

const LibraryInside& inside() {
  static const LibraryInside found = find_library_inside();
  return found;
}
unsigned g_list_key = ~0U;

}  // namespace

void note_key_asked_for(unsigned key, std::uint64_t pc) {
  if (inside().run == nullptr) return;
  constexpr std::uint64_t kFunctionBytes = 128;  // asks once, near its beginning
  if (pc - inside().at_thread_exit < kFunctionBytes) g_list_key = key;
}

void look_at_list_of_thread_end(unsigned key, void* first) {
  if (key != g_list_key) return;
  for (auto* element = static_cast<MakeReady*>(first); element != nullptr;) {
    MakeReady* const next = element->next;
    if (element->callback == inside().run) watch(element);
    element = next;
  }
}

}  // namespace trama::runtime

using namespace trama::runtime;

// std::__future_base::_State_baseV2::_Make_ready::_M_set(): enters itself among what is to be
// done at the thread's end.
TRAMA_EXPORT void _ZNSt13__future_base13_State_baseV211_Make_ready6_M_setEv(MakeReady* element) {
  using Signature = void (*)(MakeReady*);
  static auto* real = reinterpret_cast<Signature>(
      find_real("_ZNSt13__future_base13_State_baseV211_Make_ready6_M_setEv"));
  real(element);
  watch(element);
}
