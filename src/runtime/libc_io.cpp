// read, write and their relatives on descriptors that threads share.
//
// A blocking call blocks its fiber alone (io_wait.hpp). Bytes go through the kernel's own
// pipes and files, in portions that it takes without blocking.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "runtime/idle_watch.hpp"
#include "runtime/io_step.hpp"
#include "runtime/memory_watch.hpp"
#include "runtime/network_calls.hpp"
#include "runtime/output.hpp"
#include "runtime/real.hpp"
#include "runtime/signal_state.hpp"
#include "runtime/syscall.hpp"
#include "runtime/time.hpp"
#include "runtime/timerfd.hpp"

namespace trama::runtime {

bool to_terminal(int descriptor) {
  if (descriptor != 1 && descriptor != 2) return false;
  const ChannelId id = channel_of(descriptor);
  // The program may have put a pipe of its own there.
  return id == 0 || channel(id).outside || channel(id).kind == ObjectKind::file;
}

namespace {

/// What a pipe that is ready for writing takes at once.
constexpr std::size_t kPortion = PIPE_BUF;

template <typename T>
long number(T* pointer) {
  return reinterpret_cast<long>(pointer);
}

void watch_parts(const iovec* parts, int count, long bytes, bool writes, void* pc) {
  for (int i = 0; i < count && bytes > 0; ++i) {
    const auto part = static_cast<long>(parts[i].iov_len);
    const long size = part < bytes ? part : bytes;
    watch(parts[i].iov_base, static_cast<std::size_t>(size), writes, pc);
    bytes -= size;
  }
}

long fail_with_sigpipe(long result, void* pc) {
  if (result == -EPIPE) raise_for_program(SIGPIPE, pc);
  return result;
}

/// Reads by the system call `call`, as one step.
template <typename Call>
ssize_t input(int descriptor, void* pc, Call call) {
  IoStep step(Operation::fd_read, descriptor, pc, POLLIN);
  if (!step.wait_ready(POLLIN)) return step.done(-EINTR);
  return step.done(call());
}

/// Of a file that nobody shares: no step, but what it gives and where it stands may change.
template <typename Call>
long unshared(Call call) {
  note_world_asked();
  return call();
}

/// Writes all of `parts`, in portions: `call(from, size)` writes some of them.
template <typename Call>
ssize_t output(int descriptor, std::size_t size, void* pc, Call call) {
  IoStep step(Operation::fd_write, descriptor, pc, POLLOUT);
  std::size_t written = 0;
  long result = 0;
  do {
    if (!step.wait_ready(POLLOUT)) {
      result = -EINTR;
      break;
    }
    result = call(written);
    if (result == -EAGAIN && written != 0) break;  // it never blocks: as far as it went
    if (result < 0) break;
    written += static_cast<std::size_t>(result);
    // Others may read what is there before the rest follows.
    if (written < size) readiness_changed(step.id());
  } while (written < size && result != 0);
  if (written != 0 || result >= 0) result = static_cast<long>(written);
  const ssize_t answered = step.done(result);
  const int error = errno;
  fail_with_sigpipe(result, pc);
  errno = error;
  return answered;
}

bool whole_at_once(int descriptor) {
  const ChannelId id = channel_of(descriptor);
  return id == 0 || channel(id).kind != ObjectKind::pipe;
}

ssize_t write_bytes(int descriptor, const void* bytes, std::size_t size, void* pc) {
  const bool whole = whole_at_once(descriptor);
  watch(bytes, size, false, pc);
  return output(descriptor, size, pc, [&](std::size_t from) {
    std::size_t portion = size - from;
    if (!whole && portion > kPortion) portion = kPortion;
    return raw_syscall(SYS_write, descriptor, number(static_cast<const char*>(bytes) + from),
                       static_cast<long>(portion));
  });
}

std::size_t size_of(const iovec* parts, int count) {
  std::size_t size = 0;
  for (int i = 0; i < count; ++i) size += parts[i].iov_len;
  return size;
}

ssize_t write_parts(int descriptor, const iovec* parts, int count, void* pc) {
  const std::size_t size = size_of(parts, count);
  watch_parts(parts, count, static_cast<long>(size), false, pc);
  const bool whole = whole_at_once(descriptor) || size <= kPortion;
  return output(descriptor, size, pc, [&](std::size_t from) {
    if (whole) return raw_syscall(SYS_writev, descriptor, number(parts), count);
    int i = 0;
    while (from >= parts[i].iov_len) from -= parts[i++].iov_len;
    const std::size_t left = parts[i].iov_len - from;
    return raw_syscall(SYS_write, descriptor, number(static_cast<char*>(parts[i].iov_base) + from),
                       static_cast<long>(left < kPortion ? left : kPortion));
  });
}

bool is_socket(int descriptor) {
  const ChannelId id = channel_of(descriptor);
  return id != 0 && channel(id).kind == ObjectKind::socket;
}

/// Sends by `call(from, flags)`, which never blocks; all of `size` bytes where that is not 0.
template <typename Call>
ssize_t send_all(int descriptor, std::size_t size, int flags, void* pc, Call call) {
  IoStep step(Operation::fd_write, descriptor, pc);
  std::size_t sent = 0;
  long result = 0;
  do {
    result = call(sent, flags | MSG_DONTWAIT | MSG_NOSIGNAL);
    if (result == -EAGAIN && (flags & MSG_DONTWAIT) == 0) {
      const long how = raw_syscall(SYS_fcntl, descriptor, F_GETFL);
      if ((how & O_NONBLOCK) != 0) break;
      if (sent != 0) readiness_changed(step.id());
      if (step.wait_ready(POLLOUT)) continue;
      result = -EINTR;
    }
    if (result < 0) break;
    sent += static_cast<std::size_t>(result);
  } while (sent < size && result != 0);
  if (sent != 0) result = static_cast<long>(sent);
  const ssize_t answered = step.done(result);
  const int error = errno;
  if ((flags & MSG_NOSIGNAL) == 0) fail_with_sigpipe(result, pc);
  errno = error;
  return answered;
}

ssize_t send_bytes(int descriptor, const void* bytes, std::size_t size, int flags, void* pc) {
  watch(bytes, size, false, pc);
  return send_all(descriptor, size, flags, pc, [&](std::size_t from, int how) {
    return raw_syscall(SYS_sendto, descriptor, number(static_cast<const char*>(bytes) + from),
                       static_cast<long>(size - from), how);
  });
}

/// Receives by `call(flags)`.
template <typename Call>
ssize_t receive(int descriptor, int flags, const char* symbol, void* pc, Call call) {
  if (const ChannelId id = channel_of(descriptor); id != 0 && channel(id).outside) {
    note_blind(symbol, pc);
  }
  const bool waits = (flags & MSG_DONTWAIT) == 0;
  IoStep step(Operation::fd_read, descriptor, pc, static_cast<short>(waits ? POLLIN : 0));
  if (waits && !step.wait_ready(POLLIN)) return step.done(-EINTR);
  return step.done(call());
}

}  // namespace
}  // namespace trama::runtime

using namespace trama::runtime;
using trama::Operation;

// -- Reading -------------------------------------------------------------------------------

TRAMA_EXPORT ssize_t read(int descriptor, void* bytes, std::size_t size) {
  if (!g_active) return TRAMA_REAL(read)(descriptor, bytes, size);
  if (socket_at(descriptor) != 0) {
    const iovec part = {bytes, size};
    return network_read(descriptor, &part, 1, TRAMA_PC);
  }
  const auto call = [&] {
    return raw_syscall(SYS_read, descriptor, number(bytes), static_cast<long>(size));
  };
  const ssize_t got = is_shared(descriptor, Operation::fd_read) ? input(descriptor, TRAMA_PC, call)
                                                                : answer(unshared(call));
  if (got > 0) watch(bytes, static_cast<std::size_t>(got), true, TRAMA_PC);
  return got;
}
TRAMA_EXPORT ssize_t __read_chk(int descriptor, void* bytes, std::size_t size, std::size_t room) {
  if (size > room) abort();
  return read(descriptor, bytes, size);
}
TRAMA_EXPORT ssize_t readv(int descriptor, const iovec* parts, int count) {
  if (!g_active) return TRAMA_REAL(readv)(descriptor, parts, count);
  if (socket_at(descriptor) != 0) return network_read(descriptor, parts, count, TRAMA_PC);
  const auto call = [&] { return raw_syscall(SYS_readv, descriptor, number(parts), count); };
  const ssize_t got = is_shared(descriptor, Operation::fd_read) ? input(descriptor, TRAMA_PC, call)
                                                                : answer(unshared(call));
  if (got > 0) watch_parts(parts, count, got, true, TRAMA_PC);
  return got;
}
TRAMA_EXPORT ssize_t pread(int descriptor, void* bytes, std::size_t size, off_t offset) {
  if (!g_active) return TRAMA_REAL(pread)(descriptor, bytes, size, offset);
  note_world_asked();
  const auto call = [&] {
    return raw_syscall(SYS_pread64, descriptor, number(bytes), static_cast<long>(size), offset);
  };
  const ssize_t got = is_shared(descriptor, Operation::fd_read) ? input(descriptor, TRAMA_PC, call)
                                                                : answer(unshared(call));
  if (got > 0) watch(bytes, static_cast<std::size_t>(got), true, TRAMA_PC);
  return got;
}
TRAMA_EXPORT ssize_t pread64(int descriptor, void* bytes, std::size_t size, off64_t offset)
    __attribute__((alias("pread")));
TRAMA_EXPORT int eventfd_read(int descriptor, eventfd_t* value) {
  return read(descriptor, value, sizeof *value) == sizeof *value ? 0 : -1;
}

// -- Writing -------------------------------------------------------------------------------

TRAMA_EXPORT ssize_t write(int descriptor, const void* bytes, std::size_t size) {
  if (!g_active) return TRAMA_REAL(write)(descriptor, bytes, size);
  if (socket_at(descriptor) != 0) {
    const iovec part = {const_cast<void*>(bytes), size};
    return network_write(descriptor, &part, 1, 0, TRAMA_PC);
  }
  if (to_terminal(descriptor)) {
    if (size != 0) output_step(bytes, size, TRAMA_PC);
    return answer(raw_syscall(SYS_write, descriptor, number(bytes), static_cast<long>(size)));
  }
  if (!is_shared(descriptor, Operation::fd_write)) {
    note_world_asked();
    return answer(raw_syscall(SYS_write, descriptor, number(bytes), static_cast<long>(size)));
  }
  if (is_timerfd(channel_of(descriptor))) return answer(-EINVAL);
  if (is_socket(descriptor)) return send_bytes(descriptor, bytes, size, 0, TRAMA_PC);
  return write_bytes(descriptor, bytes, size, TRAMA_PC);
}
TRAMA_EXPORT ssize_t writev(int descriptor, const iovec* parts, int count) {
  if (!g_active) return TRAMA_REAL(writev)(descriptor, parts, count);
  if (socket_at(descriptor) != 0) return network_write(descriptor, parts, count, 0, TRAMA_PC);
  if (to_terminal(descriptor)) {
    if (count > 0) output_step(parts[0].iov_base, parts[0].iov_len, TRAMA_PC);
    return answer(raw_syscall(SYS_writev, descriptor, number(parts), count));
  }
  if (count <= 0 || !is_shared(descriptor, Operation::fd_write)) {
    return answer(raw_syscall(SYS_writev, descriptor, number(parts), count));
  }
  return write_parts(descriptor, parts, count, TRAMA_PC);
}
TRAMA_EXPORT ssize_t pwrite(int descriptor, const void* bytes, std::size_t size, off_t offset) {
  if (!g_active) return TRAMA_REAL(pwrite)(descriptor, bytes, size, offset);
  const auto call = [&](std::size_t = 0) {
    return raw_syscall(SYS_pwrite64, descriptor, number(bytes), static_cast<long>(size), offset);
  };
  if (!is_shared(descriptor, Operation::fd_write)) return answer(call());
  watch(bytes, size, false, TRAMA_PC);
  return output(descriptor, 0, TRAMA_PC, call);
}
TRAMA_EXPORT ssize_t pwrite64(int descriptor, const void* bytes, std::size_t size, off64_t offset) {
  if (!g_active) return TRAMA_REAL(pwrite64)(descriptor, bytes, size, offset);
  const auto call = [&](std::size_t = 0) {
    return raw_syscall(SYS_pwrite64, descriptor, number(bytes), static_cast<long>(size), offset);
  };
  if (!is_shared(descriptor, Operation::fd_write)) return answer(call());
  watch(bytes, size, false, TRAMA_PC);
  return output(descriptor, 0, TRAMA_PC, call);
}
TRAMA_EXPORT int eventfd_write(int descriptor, eventfd_t value) {
  return write(descriptor, &value, sizeof value) == sizeof value ? 0 : -1;
}

// -- Sockets: of the network, or pairs ----------------------------------------------------------

TRAMA_EXPORT ssize_t send(int descriptor, const void* bytes, std::size_t size, int flags) {
  if (!g_active) return TRAMA_REAL(send)(descriptor, bytes, size, flags);
  if (socket_at(descriptor) != 0) {
    const iovec part = {const_cast<void*>(bytes), size};
    return network_write(descriptor, &part, 1, flags, TRAMA_PC);
  }
  return send_bytes(descriptor, bytes, size, flags, TRAMA_PC);
}
TRAMA_EXPORT ssize_t sendmsg(int descriptor, const msghdr* message, int flags) {
  if (!g_active) return TRAMA_REAL(sendmsg)(descriptor, message, flags);
  if (socket_at(descriptor) != 0) return network_send(descriptor, *message, flags, TRAMA_PC);
  return send_all(descriptor, 0, flags, TRAMA_PC, [&](std::size_t, int how) {
    return raw_syscall(SYS_sendmsg, descriptor, number(message), how);
  });
}
TRAMA_EXPORT ssize_t recv(int descriptor, void* bytes, std::size_t size, int flags) {
  if (!g_active) return TRAMA_REAL(recv)(descriptor, bytes, size, flags);
  if (socket_at(descriptor) != 0) {
    iovec part = {bytes, size};
    msghdr message = {};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    return network_receive(descriptor, message, flags, TRAMA_PC);
  }
  const ssize_t got = receive(descriptor, flags, "recv", TRAMA_PC, [&] {
    return raw_syscall(SYS_recvfrom, descriptor, number(bytes), static_cast<long>(size), flags);
  });
  if (got > 0) {
    const auto filled = static_cast<std::size_t>(got);
    watch(bytes, filled < size ? filled : size, true, TRAMA_PC);
  }
  return got;
}
TRAMA_EXPORT ssize_t recvfrom(int descriptor, void* bytes, std::size_t size, int flags,
                              sockaddr* from, socklen_t* length) {
  if (!g_active) return TRAMA_REAL(recvfrom)(descriptor, bytes, size, flags, from, length);
  if (socket_at(descriptor) != 0) {
    iovec part = {bytes, size};
    msghdr message = {};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_name = from;
    message.msg_namelen = from != nullptr && length != nullptr ? *length : 0;
    const ssize_t got = network_receive(descriptor, message, flags, TRAMA_PC);
    if (got >= 0 && from != nullptr && length != nullptr) *length = message.msg_namelen;
    return got;
  }
  return receive(descriptor, flags, "recvfrom", TRAMA_PC, [&] {
    return raw_syscall(SYS_recvfrom, descriptor, number(bytes), static_cast<long>(size), flags,
                       number(from), number(length));
  });
}
TRAMA_EXPORT ssize_t recvmsg(int descriptor, msghdr* message, int flags) {
  if (!g_active) return TRAMA_REAL(recvmsg)(descriptor, message, flags);
  if (socket_at(descriptor) != 0) return network_receive(descriptor, *message, flags, TRAMA_PC);
  return receive(descriptor, flags, "recvmsg", TRAMA_PC,
                 [&] { return raw_syscall(SYS_recvmsg, descriptor, number(message), flags); });
}
TRAMA_EXPORT int shutdown(int descriptor, int how) {
  if (!g_active) return TRAMA_REAL(shutdown)(descriptor, how);
  if (socket_at(descriptor) != 0) {
    return static_cast<int>(network_shutdown(descriptor, how, TRAMA_PC));
  }
  IoStep step(Operation::fd_close, descriptor, TRAMA_PC);
  return static_cast<int>(step.done(raw_syscall(SYS_shutdown, descriptor, how)));
}

TRAMA_EXPORT ssize_t sendto(int descriptor, const void* bytes, std::size_t size, int flags,
                            const sockaddr* to, socklen_t length) {
  if (!g_active) return TRAMA_REAL(sendto)(descriptor, bytes, size, flags, to, length);
  if (socket_at(descriptor) == 0) {
    note_blind("sendto", TRAMA_PC);
    return TRAMA_REAL(sendto)(descriptor, bytes, size, flags, to, length);
  }
  iovec part = {const_cast<void*>(bytes), size};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_name = const_cast<sockaddr*>(to);
  message.msg_namelen = to == nullptr ? 0 : length;
  return network_send(descriptor, message, flags, TRAMA_PC);
}
TRAMA_EXPORT int sendmmsg(int descriptor, mmsghdr* messages, unsigned count, int flags) {
  if (!g_active) return TRAMA_REAL(sendmmsg)(descriptor, messages, count, flags);
  int done = 0;
  for (unsigned i = 0; i < count; ++i, ++done) {
    const ssize_t sent = sendmsg(descriptor, &messages[i].msg_hdr, flags);
    if (sent < 0) return done != 0 ? done : -1;
    messages[i].msg_len = static_cast<unsigned>(sent);
  }
  return done;
}
// The timeout is looked at after each message only, as in Linux.
TRAMA_EXPORT int recvmmsg(int descriptor, mmsghdr* messages, unsigned count, int flags,
                          timespec* timeout) {
  if (!g_active) return TRAMA_REAL(recvmmsg)(descriptor, messages, count, flags, timeout);
  const std::uint64_t start = scheduler().now_ns();
  int done = 0;
  for (unsigned i = 0; i < count; ++i, ++done) {
    const ssize_t got = recvmsg(descriptor, &messages[i].msg_hdr, flags & ~MSG_WAITFORONE);
    if (got < 0) return done != 0 ? done : -1;
    messages[i].msg_len = static_cast<unsigned>(got);
    if ((flags & MSG_WAITFORONE) != 0) flags |= MSG_DONTWAIT;
    if (timeout != nullptr && scheduler().now_ns() - start >= to_ns(*timeout)) return done + 1;
  }
  return done;
}

// As fortified programs and old code call them.
TRAMA_EXPORT ssize_t __recv_chk(int descriptor, void* bytes, std::size_t size, std::size_t room,
                                int flags) {
  if (size > room) abort();
  return recv(descriptor, bytes, size, flags);
}
TRAMA_EXPORT ssize_t __recvfrom_chk(int descriptor, void* bytes, std::size_t size, std::size_t room,
                                    int flags, sockaddr* from, socklen_t* length) {
  if (size > room) abort();
  return recvfrom(descriptor, bytes, size, flags, from, length);
}
extern "C" ssize_t stand_in_send(int, const void*, std::size_t, int) asm("__send");
TRAMA_EXPORT ssize_t stand_in_send(int descriptor, const void* bytes, std::size_t size, int flags) {
  return send(descriptor, bytes, size, flags);
}
