// socket, bind, listen, accept, connect and what is asked of sockets: the calls that make and
// join the sockets of the network (network.hpp). Those of the kernel's own, which the process
// began with or which went out (--network=real), are passed on.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>

#include "runtime/network_calls.hpp"
#include "runtime/real.hpp"
#include "runtime/rewind.hpp"
#include "runtime/syscall.hpp"
#include "runtime/time.hpp"

namespace trama::runtime {
namespace {

/// A call on this descriptor is none on a socket of the network. Under a guide, one that is closed may
/// have been one.
bool is_others(int descriptor) {
  if (scheduler().guide() != nullptr && channel_of(descriptor) == 0) return false;
  return socket_at(descriptor) == 0;
}

/// An address outside the program: said, and refused unless the program may go out.
bool goes_out(SocketId id, const char* symbol, void* pc) {
  note_blind(symbol, pc);
  return engine().network_real && leave_network(id);
}

long bind_step(int descriptor, const sockaddr* address, socklen_t size, void* pc) {
  IoStep step(Operation::fd_bind, descriptor, pc);
  const SocketId id = socket_at(descriptor);
  if (id == 0) return step.done(-EBADF);
  NetAddress wanted;
  const long read = read_address(socket_of(id), address, size, wanted);
  return step.done(read < 0 ? read : bind_socket(id, wanted));
}

long listen_step(int descriptor, int backlog, void* pc) {
  IoStep step(Operation::fd_listen, descriptor, pc);
  const SocketId id = socket_at(descriptor);
  if (id == 0) return step.done(-EBADF);
  Socket& socket = socket_of(id);
  if (!socket.is_stream()) return step.done(-EOPNOTSUPP);
  if (socket.state != Socket::State::fresh && socket.state != Socket::State::listening) {
    return step.done(-EINVAL);
  }
  if (!socket.local.set && !socket.is_inet()) return step.done(-EINVAL);
  for (SocketId other = 1; socket.state == Socket::State::fresh && other < id; ++other) {
    // Two may stand at a port (SO_REUSEADDR); one listens.
    const Socket& taken = socket_of(other);
    if (socket.is_inet() && taken.alive && taken.state == Socket::State::listening &&
        taken.local.port == socket.local.port && socket.local.set && !socket.reuse_port &&
        memcmp(&taken.local.ip, &socket.local.ip, sizeof taken.local.ip) == 0) {
      return step.done(-EADDRINUSE);
    }
  }
  bind_somewhere(id, nullptr);
  socket.backlog = backlog < 0 ? 0 : std::min(static_cast<unsigned>(backlog), 4096U);
  socket.state = Socket::State::listening;
  name_channel(socket.channel, address_text(socket.local).c_str());
  return step.done(0);
}

long accept_step(int descriptor, sockaddr* address, socklen_t* size, int flags, void* pc) {
  IoStep step(Operation::fd_accept, descriptor, pc);
  const SocketId id = socket_at(descriptor);
  if (id == 0) return step.done(-EBADF);
  if (!socket_of(id).is_stream()) return step.done(-EOPNOTSUPP);
  step.set_timeout(socket_of(id).receive_ns);
  // A connection may still be on its way.
  const bool waits = socket_of(id).is_tcp() && socket_of(id).state == Socket::State::listening &&
                     !is_nonblocking(descriptor);
  if (waits && step.meets_interruption()) return step.done(-EINTR);
  while (socket_of(id).waiting.empty()) {
    if (socket_of(id).state != Socket::State::listening) return step.done(-EINVAL);
    if (is_nonblocking(descriptor)) return step.done(-EAGAIN);
    const bool ready = step.wait_ready(POLLIN);
    // Linux keeps who waits in accept waiting, though the listener's descriptor is closed.
    if (socket_at(descriptor) != id && !step.wait_in_vain()) return step.done(-EINTR);
    if (!ready) return step.done(step.timed_out() ? -EAGAIN : -EINTR);
  }
  Socket& listener = socket_of(id);
  const SocketId made = listener.waiting.front();
  Socket& connection = socket_of(made);
  const bool close_on_exec = (flags & SOCK_CLOEXEC) != 0;
  const long got =
      raw_syscall(SYS_fcntl, connection.held, close_on_exec ? F_DUPFD_CLOEXEC : F_DUPFD, 0);
  if (got < 0) return step.done(got);
  listener.waiting.erase(listener.waiting.begin());
  char byte;
  raw_syscall(SYS_recvfrom, descriptor, reinterpret_cast<long>(&byte), 1, MSG_DONTWAIT);
  raw_syscall(SYS_close, connection.held);
  connection.held = -1;
  connection.accepted = true;
  const auto number = static_cast<int>(got);
  raw_syscall(SYS_fcntl, number, F_SETFL, (flags & SOCK_NONBLOCK) != 0 ? O_NONBLOCK : 0);
  note_descriptors_changed();
  note_made_of(number, connection.channel);
  set_socket(number, made);
  write_address(connection, connection.peer, address, size);
  return step.done(got);
}

/// A connection that a descriptor which does not wait has asked for, and nobody takes: told of
/// by SO_ERROR.
void refuse_later(Socket& socket, int descriptor) {
  const char byte = 1;
  raw_syscall(SYS_sendto, descriptor, reinterpret_cast<long>(&byte), 1,
              MSG_DONTWAIT | MSG_NOSIGNAL);
  raw_syscall(SYS_close, socket.held);  // with a byte unread: the other end has an error
  socket.held = -1;
  socket.state = Socket::State::failed;
  socket.error = ECONNREFUSED;
}

long connect_datagrams(SocketId id, const NetAddress& to) {
  Socket& socket = socket_of(id);
  if (!socket.is_inet()) {
    bool path_exists = false;
    if (find_receiver(socket, to, path_exists) == 0) return path_exists ? -ECONNREFUSED : -ENOENT;
  }
  bind_somewhere(id, &to);
  socket.peer = to;
  return 0;
}

long connect_stream(int descriptor, SocketId id, NetAddress to, IoStep& step, ChannelId& at,
                    void* pc) {
  if (socket_of(id).state == Socket::State::listening) return -EISCONN;
  if (socket_of(id).state == Socket::State::connected) {
    const bool first = socket_of(id).connecting;
    socket_of(id).connecting = false;
    return first ? 0 : -EISCONN;
  }
  if (socket_of(id).state == Socket::State::failed) {
    const int error = socket_of(id).error;
    socket_of(id).error = 0;
    renew_socket(id);
    return error != 0 ? -error : -ECONNABORTED;  // the next attempt begins anew
  }
  const bool waits = !is_nonblocking(descriptor);
  const bool tcp = socket_of(id).is_tcp();
  SocketId listener = 0;
  bool waited = false;
  for (;;) {
    bool path_exists = false;
    listener = find_receiver(socket_of(id), to, path_exists);
    if (listener != 0 && !waited && step.meets(IoFault::refused)) listener = 0;
    if (listener == 0 && !tcp) return path_exists ? -ECONNREFUSED : -ENOENT;
    if (listener == 0) {
      if (engine().network_real && goes_out(id, "connect", pc)) return 1;
      bind_somewhere(id, &to);
      if (waits) return -ECONNREFUSED;
      refuse_later(socket_of(id), descriptor);
      return -EINPROGRESS;
    }
    if (socket_of(listener).waiting.size() <= socket_of(listener).backlog) break;
    if (!waits && !tcp) return -EAGAIN;
    if (!waits) break;
    waited = true;
    step.set_timeout(socket_of(id).send_ns);
    if (!step.wait_retry(socket_of(listener).channel)) {
      return step.timed_out() ? (tcp ? -EINPROGRESS : -EAGAIN) : -EINTR;
    }
  }
  bind_somewhere(id, &to);
  socket_of(id).peer = to;
  connect_streams(id, listener);
  at = socket_of(listener).channel;
  // What breaks off the wait leaves the connection to be made: the next question tells of it.
  const bool interrupted = waits && tcp && step.meets_interruption();
  if (!interrupted && (waits || !tcp)) return 0;
  // As Linux has it on the loopback: connected at once, but told of by the next question.
  socket_of(id).connecting = true;
  return interrupted ? -EINTR : -EINPROGRESS;
}

long connect_step(int descriptor, const sockaddr* address, socklen_t size, void* pc) {
  IoStep step(Operation::fd_connect, descriptor, pc);
  const SocketId id = socket_at(descriptor);
  if (id == 0) return step.done(-EBADF);
  if (address != nullptr && size >= sizeof(sa_family_t) && address->sa_family == AF_UNSPEC) {
    Socket& socket = socket_of(id);
    if (!socket.is_stream()) socket.peer.set = false;
    return step.done(0);
  }
  NetAddress to;
  const long read = read_address(socket_of(id), address, size, to);
  if (read < 0) return step.done(read);
  if (!is_local(socket_of(id), to)) {
    if (!goes_out(id, "connect", pc)) return step.done(-ENETUNREACH);
    return step.done(raw_syscall(SYS_connect, descriptor, reinterpret_cast<long>(address), size));
  }
  to = to_loopback(to);
  ChannelId at = 0;
  long result = socket_of(id).is_stream() ? connect_stream(descriptor, id, to, step, at, pc)
                                          : connect_datagrams(id, to);
  if (result > 0) {  // it has gone out
    result = raw_syscall(SYS_connect, descriptor, reinterpret_cast<long>(address), size);
  }
  const long answered = step.done(result);
  if (at != 0) {
    const int error = errno;
    see_channel(at);
    mark_channel(at);
    readiness_changed(at);
    errno = error;
  }
  return answered;
}

// -- Options -------------------------------------------------------------------------------

bool is_true(const void* value, socklen_t size) {
  int number = 0;
  if (size >= sizeof number) memcpy(&number, value, sizeof number);
  return number != 0;
}

long read_time(const void* value, socklen_t size, std::uint64_t& time_ns) {
  timeval time = {};
  if (size < sizeof time) return -EINVAL;
  memcpy(&time, value, sizeof time);
  if (time.tv_usec < 0 || time.tv_usec >= 1000000) return -EDOM;
  time_ns = time.tv_sec < 0 ? 0 : to_ns({time.tv_sec, time.tv_usec * 1000});
  return 0;
}

long set_option(Socket& socket, int descriptor, int level, int name, const void* value,
                socklen_t size) {
  if (value == nullptr) return -EFAULT;
  if (level == SOL_SOCKET) {
    switch (name) {
      case SO_REUSEADDR: socket.reuse_address = is_true(value, size); break;
      case SO_REUSEPORT: socket.reuse_port = is_true(value, size); break;
      case SO_RCVTIMEO: return read_time(value, size, socket.receive_ns);
      case SO_SNDTIMEO: return read_time(value, size, socket.send_ns);
      case SO_LINGER: {
        linger how = {};
        if (size < sizeof how) return -EINVAL;
        memcpy(&how, value, sizeof how);
        socket.reset_on_close = how.l_onoff != 0 && how.l_linger == 0;
        break;
      }
      case SO_SNDBUF:
      case SO_RCVBUF:
      case SO_PASSCRED:
        return raw_syscall(SYS_setsockopt, descriptor, level, name, reinterpret_cast<long>(value),
                           size);
      case SO_TYPE:
      case SO_ERROR:
      case SO_ACCEPTCONN:
      case SO_DOMAIN:
      case SO_PROTOCOL: return -ENOPROTOOPT;
      default: break;
    }
  } else if (level == IPPROTO_IPV6 && name == IPV6_V6ONLY) {
    if (socket.local.set) return -EINVAL;
    socket.only_v6 = is_true(value, size);
  } else if (!socket.is_inet() || (level == IPPROTO_TCP && !socket.is_tcp())) {
    return -EOPNOTSUPP;
  }
  const std::string bytes(static_cast<const char*>(value), size);
  for (Socket::Option& old : socket.options) {
    if (old.level == level && old.name == name) {
      old.value = bytes;
      return 0;
    }
  }
  socket.options.push_back({level, name, bytes});
  return 0;
}

long give(const void* from, std::size_t bytes, void* value, socklen_t* size) {
  if (*size > bytes) *size = static_cast<socklen_t>(bytes);
  memcpy(value, from, *size);
  return 0;
}
long give(int number, void* value, socklen_t* size) {
  return give(&number, sizeof number, value, size);
}
long give_time(std::uint64_t time_ns, void* value, socklen_t* size) {
  const timeval time = {static_cast<time_t>(time_ns / kNsPerSecond),
                        static_cast<suseconds_t>(time_ns % kNsPerSecond / 1000)};
  return give(&time, sizeof time, value, size);
}

long get_option(Socket& socket, int descriptor, int level, int name, void* value, socklen_t* size) {
  if (value == nullptr || size == nullptr) return -EFAULT;
  if (level == SOL_SOCKET) {
    switch (name) {
      case SO_TYPE: return give(socket.type, value, size);
      case SO_DOMAIN: return give(socket.domain, value, size);
      case SO_PROTOCOL: return give(socket.protocol, value, size);
      case SO_ACCEPTCONN:
        return give(socket.state == Socket::State::listening ? 1 : 0, value, size);
      case SO_RCVTIMEO: return give_time(socket.receive_ns, value, size);
      case SO_SNDTIMEO: return give_time(socket.send_ns, value, size);
      case SO_ERROR: {
        int found = 0;
        socklen_t bytes = sizeof found;
        raw_syscall(SYS_getsockopt, descriptor, SOL_SOCKET, SO_ERROR,
                    reinterpret_cast<long>(&found), reinterpret_cast<long>(&bytes));
        if (socket.error != 0) found = socket.error;
        socket.error = 0;
        return give(found, value, size);
      }
      case SO_SNDBUF:
      case SO_RCVBUF:
      case SO_PASSCRED:
      case SO_PEERCRED:
        return raw_syscall(SYS_getsockopt, descriptor, level, name, reinterpret_cast<long>(value),
                           reinterpret_cast<long>(size));
      default: break;
    }
  } else if (!socket.is_inet()) {
    return -EOPNOTSUPP;
  }
  for (const Socket::Option& set : socket.options) {
    if (set.level == level && set.name == name) {
      return give(set.value.data(), set.value.size(), value, size);
    }
  }
  if (level == SOL_SOCKET && name == SO_LINGER) {
    const linger none = {};
    return give(&none, sizeof none, value, size);
  }
  return give(0, value, size);
}

}  // namespace
}  // namespace trama::runtime

using namespace trama::runtime;
using trama::IoReach;
using trama::Operation;

TRAMA_EXPORT int socket(int domain, int type, int protocol) {
  if (!g_active) return TRAMA_REAL(socket)(domain, type, protocol);
  descriptor_step(Operation::fd_open, TRAMA_PC, IoReach::many);
  bool known = false;
  const long made = make_socket(domain, type, protocol, known);
  if (known) return static_cast<int>(answer(made));
  note_descriptors_changed();
  return TRAMA_REAL(socket)(domain, type, protocol);
}

TRAMA_EXPORT int bind(int descriptor, const sockaddr* address, socklen_t size) {
  if (!g_active || is_others(descriptor)) return TRAMA_REAL(bind)(descriptor, address, size);
  return static_cast<int>(bind_step(descriptor, address, size, TRAMA_PC));
}
TRAMA_EXPORT int listen(int descriptor, int backlog) {
  if (!g_active || is_others(descriptor)) return TRAMA_REAL(listen)(descriptor, backlog);
  return static_cast<int>(listen_step(descriptor, backlog, TRAMA_PC));
}

TRAMA_EXPORT int accept4(int descriptor, sockaddr* address, socklen_t* size, int flags) {
  if (!g_active || is_others(descriptor)) {
    if (g_active) note_blind("accept", TRAMA_PC);
    if (g_active) note_descriptors_changed();
    return TRAMA_REAL(accept4)(descriptor, address, size, flags);
  }
  return static_cast<int>(accept_step(descriptor, address, size, flags, TRAMA_PC));
}
TRAMA_EXPORT int accept(int descriptor, sockaddr* address, socklen_t* size) {
  if (!g_active || is_others(descriptor)) {
    if (g_active) note_blind("accept", TRAMA_PC);
    if (g_active) note_descriptors_changed();
    return TRAMA_REAL(accept)(descriptor, address, size);
  }
  return static_cast<int>(accept_step(descriptor, address, size, 0, TRAMA_PC));
}

TRAMA_EXPORT int connect(int descriptor, const sockaddr* address, socklen_t size) {
  if (!g_active || is_others(descriptor)) {
    if (g_active) note_blind("connect", TRAMA_PC);
    return TRAMA_REAL(connect)(descriptor, address, size);
  }
  return static_cast<int>(connect_step(descriptor, address, size, TRAMA_PC));
}
extern "C" int stand_in_connect(int, const sockaddr*, socklen_t) asm("__connect");
TRAMA_EXPORT int stand_in_connect(int descriptor, const sockaddr* address, socklen_t size) {
  return connect(descriptor, address, size);
}

TRAMA_EXPORT int getsockname(int descriptor, sockaddr* address, socklen_t* size) {
  const Socket* behind = g_active ? find_socket(descriptor) : nullptr;
  if (behind == nullptr) return TRAMA_REAL(getsockname)(descriptor, address, size);
  write_address(*behind, shown_name(*behind), address, size);
  return 0;
}
TRAMA_EXPORT int getpeername(int descriptor, sockaddr* address, socklen_t* size) {
  const Socket* behind = g_active ? find_socket(descriptor) : nullptr;
  if (behind == nullptr) return TRAMA_REAL(getpeername)(descriptor, address, size);
  const bool connected =
      behind->is_stream() ? behind->state == Socket::State::connected : behind->peer.set;
  if (!connected) return static_cast<int>(answer(-ENOTCONN));
  write_address(*behind, behind->peer, address, size);
  return 0;
}

TRAMA_EXPORT int setsockopt(int descriptor, int level, int name, const void* value,
                            socklen_t size) {
  Socket* behind = g_active ? find_socket(descriptor) : nullptr;
  if (behind == nullptr) return TRAMA_REAL(setsockopt)(descriptor, level, name, value, size);
  return static_cast<int>(answer(set_option(*behind, descriptor, level, name, value, size)));
}
TRAMA_EXPORT int getsockopt(int descriptor, int level, int name, void* value, socklen_t* size) {
  Socket* behind = g_active ? find_socket(descriptor) : nullptr;
  if (behind == nullptr) return TRAMA_REAL(getsockopt)(descriptor, level, name, value, size);
  return static_cast<int>(answer(get_option(*behind, descriptor, level, name, value, size)));
}

TRAMA_EXPORT int unlink(const char* path) {
  if (g_active && forget_path(path)) return 0;
  return TRAMA_REAL(unlink)(path);
}
TRAMA_EXPORT int remove(const char* path) {
  if (g_active && forget_path(path)) return 0;
  return TRAMA_REAL(remove)(path);
}
