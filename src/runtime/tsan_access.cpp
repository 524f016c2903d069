// The instrumentation ABI: plain accesses of one, two, four, eight and sixteen bytes.
//
// Compilers call these before each access, so they decide what instrumentation costs. Each
// is a comparison of the mode, one load of the shadow cell and one comparison; everything
// else is a tail call. For the same reason the file does without frame pointers: a tail call
// leaves the caller's return address in place, where caller_outside_runtime looks for it.
#pragma GCC optimize("omit-frame-pointer")

#include "runtime/engine.hpp"
#include "runtime/plain_access.hpp"
#include "runtime/real.hpp"

namespace trama::runtime {
namespace {

template <unsigned kSize>
[[gnu::always_inline]] inline void on_read(const void* address, void* pc) {
  const auto at = reinterpret_cast<std::uint64_t>(address);
  if (__builtin_expect(g_plain == PlainMode::detect, 1)) {
    return engine().detector.on_aligned_read<kSize>(at);
  }
  if (g_plain == PlainMode::look) look_at_access(at, kSize, false, pc);
}
template <unsigned kSize>
[[gnu::always_inline]] inline void on_write(const void* address, void* pc) {
  const auto at = reinterpret_cast<std::uint64_t>(address);
  if (__builtin_expect(g_plain == PlainMode::detect, 1)) {
    return engine().detector.on_aligned_write<kSize>(at);
  }
  if (g_plain == PlainMode::look) look_at_access(at, kSize, true, pc);
}
/// Any alignment, and sixteen bytes.
[[gnu::always_inline]] inline void on_wide(const void* address, unsigned size, bool writes,
                                           void* pc) {
  const auto at = reinterpret_cast<std::uint64_t>(address);
  if (g_plain == PlainMode::look) return look_at_access(at, size, writes, pc);
  if (g_plain != PlainMode::detect) return;
  if (writes) return engine().detector.on_write(at, size);
  engine().detector.on_read(at, size);
}

}  // namespace
}  // namespace trama::runtime

using trama::runtime::on_read;
using trama::runtime::on_wide;
using trama::runtime::on_write;

#define TRAMA_ACCESS(size)                                                                \
  TRAMA_EXPORT void __tsan_read##size(void* a) { on_read<size>(a, TRAMA_PC); }            \
  TRAMA_EXPORT void __tsan_write##size(void* a) { on_write<size>(a, TRAMA_PC); }          \
  TRAMA_EXPORT void __tsan_volatile_read##size(void* a) { on_read<size>(a, TRAMA_PC); }   \
  TRAMA_EXPORT void __tsan_volatile_write##size(void* a) { on_write<size>(a, TRAMA_PC); } \
  TRAMA_READ_WRITE(read_write, size)
#define TRAMA_READ_WRITE(name, size)               \
  TRAMA_EXPORT void __tsan_##name##size(void* a) { \
    on_wide(a, size, false, TRAMA_PC);             \
    on_wide(a, size, true, TRAMA_PC);              \
  }
#define TRAMA_WIDE(prefix, size)                                                                \
  TRAMA_EXPORT void __tsan_##prefix##read##size(void* a) { on_wide(a, size, false, TRAMA_PC); } \
  TRAMA_EXPORT void __tsan_##prefix##write##size(void* a) { on_wide(a, size, true, TRAMA_PC); }
TRAMA_ACCESS(1)
TRAMA_ACCESS(2)
TRAMA_ACCESS(4)
TRAMA_ACCESS(8)
TRAMA_WIDE(, 16)
TRAMA_WIDE(volatile_, 16)
TRAMA_READ_WRITE(read_write, 16)
#define TRAMA_UNALIGNED(size)           \
  TRAMA_WIDE(unaligned_, size)          \
  TRAMA_WIDE(unaligned_volatile_, size) \
  TRAMA_READ_WRITE(unaligned_read_write, size)
TRAMA_UNALIGNED(2)
TRAMA_UNALIGNED(4)
TRAMA_UNALIGNED(8)
TRAMA_UNALIGNED(16)

// The pointer to the virtual table: a destructor writes the same value again and again,
// which is no change and no race.
TRAMA_EXPORT void __tsan_vptr_read(void** vptr) { on_read<8>(vptr, TRAMA_PC); }
TRAMA_EXPORT void __tsan_vptr_update(void** vptr, void* value) {
  if (*vptr != value) on_write<8>(vptr, TRAMA_PC);
}
