// The instrumentation ABI, part one: plain memory, functions, start-up.
//
// Compilers call these before each access. The fast path is one comparison of the mode and
// the detector's inlined check; everything else is out of line.
#include <cstddef>

#include "runtime/engine.hpp"
#include "runtime/real.hpp"
#include "runtime/recorder.hpp"

namespace trama::runtime {

/// A plain access while some are choice points or recorded.
[[gnu::noinline, gnu::cold]] void look_at_access(std::uint64_t address, unsigned size,
                                                 bool writes, void* pc) {
  Engine& e = engine();
  Event event = make_event(writes ? Operation::write : Operation::read,
                           reinterpret_cast<void*>(address), pc);
  event.size = static_cast<std::uint8_t>(size < 255 ? size : 255);
  const bool watched = e.watched_address != 0 && e.recorder != nullptr &&
                       address < e.watched_address + 8 && e.watched_address < address + size;
  if (e.recorder != nullptr) e.recorder->settle_write();
  if (e.visible.contains(event.pc)) {
    object_of(event, ObjectKind::memory);
    point(event);
    e.scheduler.step(event);
  } else if (watched) {
    e.recorder->note(event);
  }
  if (writes) {
    if (size <= 16) {
      e.detector.on_write(address, size);
    } else {
      e.detector.on_write_range(address, size);
    }
  } else if (size <= 16) {
    e.detector.on_read(address, size);
  } else {
    e.detector.on_read_range(address, size);
  }
}

namespace {

[[gnu::always_inline]] inline void on_read(const void* address, unsigned size, void* pc) {
  const auto at = reinterpret_cast<std::uint64_t>(address);
  if (__builtin_expect(g_plain == PlainMode::detect, 1)) {
    engine().detector.on_read(at, size);
  } else if (g_plain == PlainMode::look) {
    look_at_access(at, size, false, pc);
  }
}
[[gnu::always_inline]] inline void on_write(const void* address, unsigned size, void* pc) {
  const auto at = reinterpret_cast<std::uint64_t>(address);
  if (__builtin_expect(g_plain == PlainMode::detect, 1)) {
    engine().detector.on_write(at, size);
  } else if (g_plain == PlainMode::look) {
    look_at_access(at, size, true, pc);
  }
}

void on_range(const void* address, std::size_t bytes, bool writes, void* pc) {
  if (g_plain == PlainMode::ignore || bytes == 0) return;
  const auto at = reinterpret_cast<std::uint64_t>(address);
  if (g_plain == PlainMode::look) {
    look_at_access(at, static_cast<unsigned>(bytes), writes, pc);
  } else if (writes) {
    engine().detector.on_write_range(at, bytes);
  } else {
    engine().detector.on_read_range(at, bytes);
  }
}

}  // namespace
}  // namespace trama::runtime

using trama::runtime::on_range;
using trama::runtime::on_read;
using trama::runtime::on_write;

#define TRAMA_ACCESS(size)                                                                  \
  TRAMA_EXPORT void __tsan_read##size(void* a) { on_read(a, size, TRAMA_PC); }              \
  TRAMA_EXPORT void __tsan_write##size(void* a) { on_write(a, size, TRAMA_PC); }            \
  TRAMA_EXPORT void __tsan_volatile_read##size(void* a) { on_read(a, size, TRAMA_PC); }     \
  TRAMA_EXPORT void __tsan_volatile_write##size(void* a) { on_write(a, size, TRAMA_PC); }   \
  TRAMA_EXPORT void __tsan_read_write##size(void* a) {                                      \
    on_read(a, size, TRAMA_PC);                                                             \
    on_write(a, size, TRAMA_PC);                                                            \
  }
#define TRAMA_UNALIGNED(size)                                                               \
  TRAMA_EXPORT void __tsan_unaligned_read##size(void* a) { on_read(a, size, TRAMA_PC); }    \
  TRAMA_EXPORT void __tsan_unaligned_write##size(void* a) { on_write(a, size, TRAMA_PC); }  \
  TRAMA_EXPORT void __tsan_unaligned_volatile_read##size(void* a) {                         \
    on_read(a, size, TRAMA_PC);                                                             \
  }                                                                                         \
  TRAMA_EXPORT void __tsan_unaligned_volatile_write##size(void* a) {                        \
    on_write(a, size, TRAMA_PC);                                                            \
  }                                                                                         \
  TRAMA_EXPORT void __tsan_unaligned_read_write##size(void* a) {                            \
    on_read(a, size, TRAMA_PC);                                                             \
    on_write(a, size, TRAMA_PC);                                                            \
  }
TRAMA_ACCESS(1)
TRAMA_ACCESS(2)
TRAMA_ACCESS(4)
TRAMA_ACCESS(8)
TRAMA_ACCESS(16)
TRAMA_UNALIGNED(2)
TRAMA_UNALIGNED(4)
TRAMA_UNALIGNED(8)
TRAMA_UNALIGNED(16)
#undef TRAMA_ACCESS
#undef TRAMA_UNALIGNED

// Reading the pointer to the virtual table is not recorded: a constructor and a destructor
// write the same value again and again, which instrumentation cannot tell from a change.
TRAMA_EXPORT void __tsan_vptr_read(void** vptr) { on_read(vptr, sizeof *vptr, TRAMA_PC); }
TRAMA_EXPORT void __tsan_vptr_update(void** vptr, void* value) {
  if (*vptr != value) on_write(vptr, sizeof *vptr, TRAMA_PC);
}
TRAMA_EXPORT void __tsan_read_range(void* a, unsigned long n) { on_range(a, n, false, TRAMA_PC); }
TRAMA_EXPORT void __tsan_write_range(void* a, unsigned long n) { on_range(a, n, true, TRAMA_PC); }

// Stacks are unwound when an execution is recorded, so entries and exits cost nothing.
TRAMA_EXPORT void __tsan_init() {}
TRAMA_EXPORT void __tsan_func_entry(void*) {}
TRAMA_EXPORT void __tsan_func_exit() {}
TRAMA_EXPORT void __tsan_ignore_thread_begin() {}
TRAMA_EXPORT void __tsan_ignore_thread_end() {}

TRAMA_EXPORT void* __tsan_memcpy(void* to, const void* from, unsigned long n) {
  on_range(from, n, false, TRAMA_PC);
  on_range(to, n, true, TRAMA_PC);
  return __builtin_memcpy(to, from, n);
}
TRAMA_EXPORT void* __tsan_memmove(void* to, const void* from, unsigned long n) {
  on_range(from, n, false, TRAMA_PC);
  on_range(to, n, true, TRAMA_PC);
  return __builtin_memmove(to, from, n);
}
TRAMA_EXPORT void* __tsan_memset(void* to, int value, unsigned long n) {
  on_range(to, n, true, TRAMA_PC);
  return __builtin_memset(to, value, n);
}
