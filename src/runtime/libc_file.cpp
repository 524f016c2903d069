// Descriptors and mappings: passed on, and noted, so that the next execution starts with
// those that the program began with.
//
// What a program writes to files stays written: the disk is not rewound (the manual says so).
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include <vector>

#include "runtime/engine.hpp"
#include "runtime/mappings.hpp"
#include "runtime/real.hpp"
#include "runtime/rewind.hpp"
#include "runtime/syscall.hpp"

namespace trama::runtime {
namespace {

struct Mapping {
  std::uint64_t low;
  std::uint64_t high;
};
std::vector<Mapping>& mappings() {
  static std::vector<Mapping>* list = new std::vector<Mapping>;
  return *list;
}

/// What the program unmapped in this execution.
std::vector<Mapping>& unmapped() {
  static std::vector<Mapping>* list = new std::vector<Mapping>;
  return *list;
}

void forget_mapping(std::uint64_t low, std::uint64_t high) {
  std::vector<Mapping>& list = mappings();
  for (std::size_t i = list.size(); i-- > 0;) {
    const Mapping old = list[i];
    if (old.high <= low || high <= old.low) continue;
    list.erase(list.begin() + static_cast<std::ptrdiff_t>(i));
    if (old.low < low) list.push_back({old.low, low});
    if (high < old.high) list.push_back({high, old.high});
  }
}

/// The mode argument of open, which is there only with some flags.
unsigned mode_of(int flags, va_list list) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(list, unsigned) : 0U;
}

}  // namespace

void for_each_mapping(void (*visit)(std::uint64_t low, std::uint64_t high, void* context),
                      void* context) {
  for (const Mapping& mapping : mappings()) visit(mapping.low, mapping.high, context);
}

void release_mappings() {
  unmapped().clear();
  if (mappings().empty()) return;
  for (const Mapping& mapping : mappings()) {
    raw_syscall(SYS_munmap, static_cast<long>(mapping.low),
                static_cast<long>(mapping.high - mapping.low));
  }
  mappings().clear();
}

}  // namespace trama::runtime

using namespace trama::runtime;

#define TRAMA_CHANGES(call)                   \
  do {                                        \
    if (g_active) note_descriptors_changed(); \
    return call;                              \
  } while (false)

// -- Opening -------------------------------------------------------------------------------

TRAMA_EXPORT int open(const char* path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  const unsigned mode = mode_of(flags, list);
  va_end(list);
  TRAMA_CHANGES(TRAMA_REAL(open)(path, flags, mode));
}
TRAMA_EXPORT int open64(const char* path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  const unsigned mode = mode_of(flags, list);
  va_end(list);
  TRAMA_CHANGES(TRAMA_REAL(open64)(path, flags, mode));
}
TRAMA_EXPORT int openat(int folder, const char* path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  const unsigned mode = mode_of(flags, list);
  va_end(list);
  TRAMA_CHANGES(TRAMA_REAL(openat)(folder, path, flags, mode));
}
TRAMA_EXPORT int openat64(int folder, const char* path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  const unsigned mode = mode_of(flags, list);
  va_end(list);
  TRAMA_CHANGES(TRAMA_REAL(openat64)(folder, path, flags, mode));
}
TRAMA_EXPORT int creat(const char* path, mode_t mode) {
  TRAMA_CHANGES(TRAMA_REAL(creat)(path, mode));
}
TRAMA_EXPORT FILE* fopen(const char* path, const char* mode) {
  TRAMA_CHANGES(TRAMA_REAL(fopen)(path, mode));
}
TRAMA_EXPORT FILE* fopen64(const char* path, const char* mode) {
  TRAMA_CHANGES(TRAMA_REAL(fopen64)(path, mode));
}
TRAMA_EXPORT FILE* tmpfile() { TRAMA_CHANGES(TRAMA_REAL(tmpfile)()); }
TRAMA_EXPORT FILE* freopen(const char* path, const char* mode, FILE* stream) {
  if (g_active) note_old_descriptor_changed(fileno(stream));
  TRAMA_CHANGES(TRAMA_REAL(freopen)(path, mode, stream));
}

// Functions whose arguments need no look: all of them open descriptors.
using Any = long (*)(long, long, long, long, long, long);
#define TRAMA_OPENS(name)                                                             \
  TRAMA_EXPORT long stand_in_##name(long, long, long, long, long, long) asm(#name);   \
  TRAMA_EXPORT long stand_in_##name(long a, long b, long c, long d, long e, long f) { \
    static auto* real = reinterpret_cast<Any>(find_real(#name));                      \
    TRAMA_CHANGES(real(a, b, c, d, e, f));                                            \
  }
extern "C" {
#undef opendir
TRAMA_OPENS(opendir)
TRAMA_OPENS(pipe)
TRAMA_OPENS(pipe2)
TRAMA_OPENS(eventfd)
TRAMA_OPENS(memfd_create)
TRAMA_OPENS(socket)
TRAMA_OPENS(socketpair)
TRAMA_OPENS(epoll_create)
TRAMA_OPENS(epoll_create1)
TRAMA_OPENS(timerfd_create)
TRAMA_OPENS(signalfd)
TRAMA_OPENS(dup)
}

// -- Closing -------------------------------------------------------------------------------

TRAMA_EXPORT int close(int descriptor) {
  if (g_active) {
    if (descriptor >= kOwnDescriptors) {
      errno = EBADF;  // ours: the program does not know of it
      return -1;
    }
    note_old_descriptor_changed(descriptor);
  }
  return TRAMA_REAL(close)(descriptor);
}
TRAMA_EXPORT int dup2(int from, int to) {
  if (g_active) note_old_descriptor_changed(to);
  TRAMA_CHANGES(TRAMA_REAL(dup2)(from, to));
}
TRAMA_EXPORT int dup3(int from, int to, int flags) {
  if (g_active) note_old_descriptor_changed(to);
  TRAMA_CHANGES(TRAMA_REAL(dup3)(from, to, flags));
}
TRAMA_EXPORT int fclose(FILE* stream) {
  if (g_active) note_old_descriptor_changed(fileno(stream));
  return TRAMA_REAL(fclose)(stream);
}

// -- Mappings ------------------------------------------------------------------------------

TRAMA_EXPORT void* mmap(void* address, std::size_t bytes, int protection, int flags, int descriptor,
                        off_t offset) {
  const long got = raw_syscall(SYS_mmap, reinterpret_cast<long>(address), static_cast<long>(bytes),
                               protection, flags, descriptor, offset);
  if (got < 0 && got > -4096) {
    errno = static_cast<int>(-got);
    return MAP_FAILED;
  }
  if (g_active) {
    const auto low = static_cast<std::uint64_t>(got);
    const std::uint64_t high = low + ((bytes + 4095) & ~std::size_t{4095});
    forget_mapping(low, high);
    mappings().push_back({low, high});
    // Addresses that served before in this execution: their history is another object's.
    for (const Mapping& gone : unmapped()) {
      const std::uint64_t from = gone.low > low ? gone.low : low;
      const std::uint64_t to = gone.high < high ? gone.high : high;
      if (from < to) engine().detector.on_alloc(from, to - from);
    }
  }
  return reinterpret_cast<void*>(got);
}
TRAMA_EXPORT void* mmap64(void* address, std::size_t bytes, int protection, int flags,
                          int descriptor, off_t offset) {
  return mmap(address, bytes, protection, flags, descriptor, offset);
}
TRAMA_EXPORT int munmap(void* address, std::size_t bytes) {
  const long result =
      raw_syscall(SYS_munmap, reinterpret_cast<long>(address), static_cast<long>(bytes));
  if (result < 0) {
    errno = static_cast<int>(-result);
    return -1;
  }
  if (g_active) {
    const auto low = reinterpret_cast<std::uint64_t>(address);
    const std::uint64_t high = low + ((bytes + 4095) & ~std::size_t{4095});
    forget_mapping(low, high);
    unmapped().push_back({low, high});
    scheduler().objects().forget_range(low, high - low);
  }
  return 0;
}
