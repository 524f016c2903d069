// Descriptors and mappings: passed on, and noted, so that the next execution starts with
// those that the program began with.
//
// What a program writes to files stays written: the disk is not rewound (the manual says so).
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <vector>

#include "runtime/descriptors.hpp"
#include "runtime/engine.hpp"
#include "runtime/io_step.hpp"
#include "runtime/mappings.hpp"
#include "runtime/network.hpp"
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
using trama::IoReach;
using trama::ObjectKind;
using trama::Operation;

namespace {

/// Enters a descriptor that a call of the program has just opened.
int opened(int descriptor, const char* path = nullptr) {
  if (!g_active || descriptor < 0) return descriptor;
  note_descriptors_changed();
  note_opened(descriptor, path);
  return descriptor;
}
FILE* opened(FILE* stream, const char* path = nullptr) {
  if (g_active && stream != nullptr) opened(fileno(stream), path);
  return stream;
}

void made_pair(ObjectKind kind, const int* ends) {
  note_descriptors_changed();
  note_made(kind, ends[0], ends[1]);
}

/// Under a guide opening a file is a step: what others do to files comes before or after.
void opening(void* pc) {
  if (g_active) descriptor_step(Operation::fd_open, pc, IoReach::many);
}

/// Opening a FIFO waits until its other end is open too.
int open_fifo(ChannelId id, int folder, const char* path, int flags, void* pc) {
  const bool reads = (flags & O_ACCMODE) == O_RDONLY;
  IoStep step(Operation::fd_open, id, pc, -1, 0);
  const auto open_now = [&] {
    return raw_syscall(SYS_openat, folder, reinterpret_cast<long>(path), flags | O_NONBLOCK);
  };
  long result = open_now();
  // The kernel lets no writer in before there is a reader.
  while (result == -ENXIO && !reads) {
    if (!step.wait_retry()) return static_cast<int>(step.done(-EINTR));
    result = open_now();
  }
  if (result < 0) return static_cast<int>(step.done(result));
  opened(static_cast<int>(result), path);
  if (reads) {
    ++channel(id).reader_opens;
    mark_channel(id);
    readiness_changed(id);
    const std::uint32_t before = channel(id).writer_opens;
    while (!has_end(id, true) && channel(id).writer_opens == before) {
      if (step.wait_retry()) continue;
      raw_syscall(SYS_close, result);
      note_closed(static_cast<int>(result));
      return static_cast<int>(step.done(-EINTR));
    }
  } else {
    ++channel(id).writer_opens;
  }
  raw_syscall(SYS_fcntl, result, F_SETFL, flags & ~(O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC));
  return static_cast<int>(step.done(result));
}

template <typename Real>
int open_path(int folder, const char* path, int flags, void* pc, Real real) {
  if (!g_active) return real();
  const int access = flags & O_ACCMODE;
  if ((flags & (O_NONBLOCK | O_PATH)) == 0 && (access == O_RDONLY || access == O_WRONLY)) {
    const ChannelId id = fifo_at(folder, path);
    if (id != 0 && !channel(id).outside) return open_fifo(id, folder, path, flags, pc);
  }
  opening(pc);
  return opened(real(), path);
}

}  // namespace

// -- Opening -------------------------------------------------------------------------------

#define TRAMA_MODE                            \
  va_list list;                               \
  va_start(list, flags);                      \
  const unsigned mode = mode_of(flags, list); \
  va_end(list)
TRAMA_EXPORT int open(const char* path, int flags, ...) {
  TRAMA_MODE;
  return open_path(AT_FDCWD, path, flags, TRAMA_PC,
                   [&] { return TRAMA_REAL(open)(path, flags, mode); });
}
TRAMA_EXPORT int open64(const char* path, int flags, ...) {
  TRAMA_MODE;
  return open_path(AT_FDCWD, path, flags, TRAMA_PC,
                   [&] { return TRAMA_REAL(open64)(path, flags, mode); });
}
TRAMA_EXPORT int openat(int folder, const char* path, int flags, ...) {
  TRAMA_MODE;
  return open_path(folder, path, flags, TRAMA_PC,
                   [&] { return TRAMA_REAL(openat)(folder, path, flags, mode); });
}
TRAMA_EXPORT int openat64(int folder, const char* path, int flags, ...) {
  TRAMA_MODE;
  return open_path(folder, path, flags, TRAMA_PC,
                   [&] { return TRAMA_REAL(openat64)(folder, path, flags, mode); });
}
#undef TRAMA_MODE
// As fortified programs call them; the program has no mode to give.
TRAMA_EXPORT int __open_2(const char* path, int flags) { return open(path, flags); }
TRAMA_EXPORT int __open64_2(const char* path, int flags) { return open64(path, flags); }
TRAMA_EXPORT int creat(const char* path, mode_t mode) {
  opening(TRAMA_PC);
  return opened(TRAMA_REAL(creat)(path, mode), path);
}

namespace {

/// What fopen does to a FIFO, step by step: libc's own open would block the process.
FILE* open_stream(const char* path, const char* mode, void* pc) {
  const bool both = strchr(mode, '+') != nullptr;
  const ChannelId id = both ? 0 : fifo_at(AT_FDCWD, path);
  if (id == 0 || channel(id).outside) return nullptr;
  const int flags =
      (mode[0] == 'r' ? O_RDONLY : O_WRONLY) | (strchr(mode, 'e') != nullptr ? O_CLOEXEC : 0);
  const int descriptor = open_fifo(id, AT_FDCWD, path, flags, pc);
  return descriptor < 0 ? nullptr : fdopen(descriptor, mode);
}

bool is_fifo(const char* path) { return fifo_at(AT_FDCWD, path) != 0; }

}  // namespace

TRAMA_EXPORT FILE* fopen(const char* path, const char* mode) {
  if (g_active && is_fifo(path)) return open_stream(path, mode, TRAMA_PC);
  opening(TRAMA_PC);
  return opened(TRAMA_REAL(fopen)(path, mode), path);
}
TRAMA_EXPORT FILE* fopen64(const char* path, const char* mode) {
  if (g_active && is_fifo(path)) return open_stream(path, mode, TRAMA_PC);
  opening(TRAMA_PC);
  return opened(TRAMA_REAL(fopen64)(path, mode), path);
}
TRAMA_EXPORT FILE* tmpfile() {
  opening(TRAMA_PC);
  return opened(TRAMA_REAL(tmpfile)());
}
TRAMA_EXPORT FILE* freopen(const char* path, const char* mode, FILE* stream) {
  opening(TRAMA_PC);
  if (g_active) note_old_descriptor_changed(fileno(stream));
  return opened(TRAMA_REAL(freopen)(path, mode, stream), path);
}

// Functions whose arguments need no look: all of them open descriptors.
using Any = long (*)(long, long, long, long, long, long);
#define TRAMA_OPENS(name)                                                             \
  TRAMA_EXPORT long stand_in_##name(long, long, long, long, long, long) asm(#name);   \
  TRAMA_EXPORT long stand_in_##name(long a, long b, long c, long d, long e, long f) { \
    static auto* real = reinterpret_cast<Any>(find_real(#name));                      \
    opening(TRAMA_PC);                                                                \
    if (g_active) note_descriptors_changed();                                         \
    return real(a, b, c, d, e, f);                                                    \
  }
extern "C" {
#undef opendir
TRAMA_OPENS(opendir)
TRAMA_OPENS(memfd_create)
}

TRAMA_EXPORT int pipe(int ends[2]) {
  if (g_active) descriptor_step(Operation::fd_open, TRAMA_PC);
  const int result = TRAMA_REAL(pipe)(ends);
  if (g_active && result == 0) made_pair(ObjectKind::pipe, ends);
  return result;
}
TRAMA_EXPORT int pipe2(int ends[2], int flags) {
  if (g_active) descriptor_step(Operation::fd_open, TRAMA_PC);
  const int result = TRAMA_REAL(pipe2)(ends, flags);
  if (g_active && result == 0) made_pair(ObjectKind::pipe, ends);
  return result;
}
TRAMA_EXPORT int socketpair(int domain, int type, int protocol, int ends[2]) {
  if (g_active) descriptor_step(Operation::fd_open, TRAMA_PC);
  const int result = TRAMA_REAL(socketpair)(domain, type, protocol, ends);
  if (g_active && result == 0) made_pair(ObjectKind::socket, ends);
  return result;
}
TRAMA_EXPORT int eventfd(unsigned value, int flags) {
  if (g_active) descriptor_step(Operation::fd_open, TRAMA_PC);
  const int descriptor = TRAMA_REAL(eventfd)(value, flags);
  if (g_active && descriptor >= 0) {
    note_descriptors_changed();
    note_made(ObjectKind::event, descriptor);
  }
  return descriptor;
}

// -- Duplicating and closing -----------------------------------------------------------------

namespace {

/// The last look at what `descriptor` stood for: who waits for the other end may go on.
template <typename Call>
int close_step(int descriptor, void* pc, Call call) {
  const ChannelId id = channel_of(descriptor);
  if (id == 0 || channel(id).kind == ObjectKind::file) {
    descriptor_step(Operation::fd_close, pc);
    note_closed(descriptor);
    return call();
  }
  IoStep step(Operation::fd_close, descriptor, pc);
  const SocketId socket = socket_at(descriptor);
  if (socket != 0) before_close(descriptor);
  const int result = call();
  const int error = errno;
  if (result >= 0) note_closed(descriptor);
  if (socket != 0) after_close(socket);
  return static_cast<int>(step.done(result >= 0 ? result : -error));
}

int duplicated(int from, int to) {
  if (g_active && to >= 0) {
    note_descriptors_changed();
    note_duplicated(from, to);
  }
  return to;
}

template <typename Real>
int duplicate_to(int from, int to, void* pc, Real real) {
  if (!g_active) return real();
  if (from == to) return real();
  if (to >= 0 && to < kOwnDescriptors) {
    channel_of(from);  // known before the other is gone
    note_old_descriptor_changed(to);
    if (raw_syscall(SYS_fcntl, to, F_GETFD) >= 0) {
      return duplicated(from, close_step(to, pc, real));
    }
  }
  descriptor_step(Operation::fd_open, pc);
  return duplicated(from, real());
}

}  // namespace

TRAMA_EXPORT int dup(int from) {
  if (g_active) {
    channel_of(from);
    descriptor_step(Operation::fd_open, TRAMA_PC);
  }
  return duplicated(from, TRAMA_REAL(dup)(from));
}
TRAMA_EXPORT int dup2(int from, int to) {
  return duplicate_to(from, to, TRAMA_PC, [&] { return TRAMA_REAL(dup2)(from, to); });
}
TRAMA_EXPORT int dup3(int from, int to, int flags) {
  return duplicate_to(from, to, TRAMA_PC, [&] { return TRAMA_REAL(dup3)(from, to, flags); });
}
TRAMA_EXPORT int close(int descriptor) {
  if (!g_active) return TRAMA_REAL(close)(descriptor);
  if (descriptor >= kOwnDescriptors && is_own(descriptor)) {
    errno = EBADF;  // ours: the program does not know of it
    return -1;
  }
  note_old_descriptor_changed(descriptor);
  return close_step(descriptor, TRAMA_PC, [&] { return TRAMA_REAL(close)(descriptor); });
}
TRAMA_EXPORT int fclose(FILE* stream) {
  if (!g_active) return TRAMA_REAL(fclose)(stream);
  const int descriptor = fileno(stream);
  note_old_descriptor_changed(descriptor);
  return close_step(descriptor, TRAMA_PC, [&] { return TRAMA_REAL(fclose)(stream); });
}

// -- Locks on files --------------------------------------------------------------------------

namespace {

/// A lock that belongs to an open file: two threads may hold one each, and one of them waits.
template <typename Call>
int lock_file(int descriptor, bool unlocks, bool waits, void* pc, Call try_now) {
  IoStep step(unlocks ? Operation::fd_unlock : Operation::fd_lock, descriptor, pc);
  for (;;) {
    const long result = try_now();
    const bool held = result == -EWOULDBLOCK || result == -EACCES;
    if (!held || !waits) return static_cast<int>(step.done(result));
    if (!step.wait_retry()) return static_cast<int>(step.done(-EINTR));
  }
}

}  // namespace

TRAMA_EXPORT int flock(int descriptor, int operation) {
  if (!g_active) return TRAMA_REAL(flock)(descriptor, operation);
  return lock_file(descriptor, (operation & LOCK_UN) != 0, (operation & LOCK_NB) == 0, TRAMA_PC,
                   [&] { return raw_syscall(SYS_flock, descriptor, operation | LOCK_NB); });
}

namespace {

int control(int descriptor, int command, long argument, void* pc) {
  switch (command) {
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
      channel_of(descriptor);
      descriptor_step(Operation::fd_open, pc);
      break;
    // Locks of the process as a whole never stand in the way of its own threads; those of an
    // open file do.
    case F_OFD_SETLK:
    case F_OFD_SETLKW: {
      const bool unlocks = reinterpret_cast<const struct flock*>(argument)->l_type == F_UNLCK;
      return lock_file(descriptor, unlocks, command == F_OFD_SETLKW, pc,
                       [&] { return raw_syscall(SYS_fcntl, descriptor, F_OFD_SETLK, argument); });
    }
    default: break;
  }
  const long result = raw_syscall(SYS_fcntl, descriptor, command, argument);
  if (command == F_DUPFD || command == F_DUPFD_CLOEXEC) {
    duplicated(descriptor, static_cast<int>(result));
  }
  return static_cast<int>(answer(result));
}

}  // namespace

#define TRAMA_FCNTL(name)                                                  \
  TRAMA_EXPORT int name(int descriptor, int command, ...) {                \
    va_list list;                                                          \
    va_start(list, command);                                               \
    const long argument = va_arg(list, long);                              \
    va_end(list);                                                          \
    if (!g_active) return TRAMA_REAL(name)(descriptor, command, argument); \
    return control(descriptor, command, argument, TRAMA_PC);               \
  }
TRAMA_FCNTL(fcntl)
TRAMA_FCNTL(fcntl64)
#undef TRAMA_FCNTL

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
      if (from < to) begin_memory(from, to - from);
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
