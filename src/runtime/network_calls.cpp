// Sending and receiving on sockets of the network.
#include "runtime/network_calls.hpp"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>

#include <algorithm>

#include "runtime/memory_watch.hpp"
#include "runtime/signal_state.hpp"
#include "runtime/syscall.hpp"

namespace trama::runtime {
namespace {

std::size_t size_of(const msghdr& message) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < message.msg_iovlen; ++i) size += message.msg_iov[i].iov_len;
  return size;
}

/// The parts of a message from a byte on, `size` at most.
std::vector<iovec> parts_from(const msghdr& message, std::size_t from, std::size_t size) {
  std::vector<iovec> parts;
  for (std::size_t i = 0; i < message.msg_iovlen && size > 0; ++i) {
    iovec part = message.msg_iov[i];
    if (from >= part.iov_len) {
      from -= part.iov_len;
      continue;
    }
    part.iov_base = static_cast<char*>(part.iov_base) + from;
    part.iov_len = std::min(part.iov_len - from, size);
    size -= part.iov_len;
    from = 0;
    parts.push_back(part);
  }
  return parts;
}

void watch_message(const msghdr& message, std::size_t bytes, bool writes, void* pc) {
  for (std::size_t i = 0; i < message.msg_iovlen && bytes > 0; ++i) {
    const std::size_t size = std::min(message.msg_iov[i].iov_len, bytes);
    watch(message.msg_iov[i].iov_base, size, writes, pc);
    bytes -= size;
  }
}

int take_error(Socket& socket) {
  const int error = socket.error;
  socket.error = 0;
  return error;
}

std::size_t waiting_bytes(int descriptor) {
  int bytes = 0;
  raw_syscall(SYS_ioctl, descriptor, FIONREAD, reinterpret_cast<long>(&bytes));
  return static_cast<std::size_t>(bytes);
}

/// Both ends of a connection are cut off.
void reset_connection(SocketId id) {
  Socket& socket = socket_of(id);
  const SocketId partner = socket.partner;
  break_connection(partner, ECONNRESET);
  break_connection(id, 0);
}

long receive_stream(int descriptor, SocketId id, msghdr& message, int flags, bool waits,
                    IoStep& step) {
  const std::size_t wanted = size_of(message);
  std::size_t limit = wanted;
  const bool peeks = (flags & MSG_PEEK) != 0;
  if (socket_of(id).type == SOCK_STREAM && !peeks) {
    if (!waits && step.meets(IoFault::again)) {
      tell_again(descriptor);
      return -EAGAIN;
    }
    const std::size_t there = std::min(waiting_bytes(descriptor), wanted);
    if (there > 1 && (flags & MSG_WAITALL) == 0 && step.meets(IoFault::short_count, there)) {
      limit = there / 2;
      tell_again(descriptor);
    }
    if (socket_of(id).is_tcp() && step.meets(IoFault::reset)) {
      reset_connection(id);
      return -ECONNRESET;
    }
  }
  const bool all = (flags & MSG_WAITALL) != 0 && waits && !peeks;
  std::size_t got = 0;
  long result = 0;
  do {
    std::vector<iovec> parts = parts_from(message, got, limit - got);
    msghdr rest = message;
    rest.msg_name = nullptr;
    rest.msg_namelen = 0;
    rest.msg_iov = parts.data();
    rest.msg_iovlen = parts.size();
    result = raw_syscall(SYS_recvmsg, descriptor, reinterpret_cast<long>(&rest),
                         (flags & ~MSG_WAITALL) | MSG_DONTWAIT);
    if (result > 0) got += static_cast<std::size_t>(result);
    message.msg_controllen = rest.msg_controllen;
    message.msg_flags = rest.msg_flags;
    if (result > 0 && all && got < wanted) {
      readiness_changed(step.id());
      if (!step.wait_ready(POLLIN)) break;
    }
  } while (result > 0 && all && got < wanted);
  if (message.msg_name != nullptr) message.msg_namelen = 0;
  if (got != 0) return static_cast<long>(got);
  if (result == 0 && wanted != 0 && socket_of(id).error != 0) return -take_error(socket_of(id));
  return result;
}

long receive_datagram(int descriptor, SocketId id, msghdr& message, int flags) {
  msghdr rest = message;
  rest.msg_name = nullptr;
  rest.msg_namelen = 0;
  const long result =
      raw_syscall(SYS_recvmsg, descriptor, reinterpret_cast<long>(&rest), flags | MSG_DONTWAIT);
  message.msg_controllen = rest.msg_controllen;
  // What carries it ends a record; a datagram does not say so.
  message.msg_flags = rest.msg_flags & ~MSG_EOR;
  Socket& socket = socket_of(id);
  if (result < 0 || socket.senders.empty()) return result;
  if (message.msg_name != nullptr) {
    write_address(socket, socket.senders.front(), static_cast<sockaddr*>(message.msg_name),
                  &message.msg_namelen);
  }
  if ((flags & MSG_PEEK) == 0) socket.senders.erase(socket.senders.begin());
  return result;
}

}  // namespace

bool is_nonblocking(int descriptor) {
  return (raw_syscall(SYS_fcntl, descriptor, F_GETFL) & O_NONBLOCK) != 0;
}

long network_receive(int descriptor, msghdr& message, int flags, void* pc) {
  const Socket* const now = find_socket(descriptor);
  const bool may_wait = now != nullptr && (flags & MSG_DONTWAIT) == 0 && now->receive_ns == 0 &&
                        now->error == 0 && size_of(message) != 0 &&
                        (!now->is_stream() || now->state == Socket::State::connected);
  IoStep step(Operation::fd_read, descriptor, pc, static_cast<short>(may_wait ? POLLIN : 0));
  const SocketId id = socket_at(descriptor);
  if (id == 0) return step.done(-EBADF);  // closed meanwhile
  const auto refused = [&]() -> long {
    Socket& socket = socket_of(id);
    if (!socket.is_stream() || socket.state == Socket::State::failed) {
      if (socket.error != 0) return -take_error(socket);
      return socket.is_stream() ? (socket.is_inet() ? 0 : -ENOTCONN) : 1;
    }
    return socket.state == Socket::State::connected ? 1 : socket.is_inet() ? -ENOTCONN : -EINVAL;
  };
  if (const long result = refused(); result <= 0) return step.done(result);
  if (socket_of(id).is_stream() && size_of(message) == 0) return step.done(0);
  const bool waits = (flags & MSG_DONTWAIT) == 0 && !is_nonblocking(descriptor);
  if (waits) {
    // What was sent may still be on its way.
    if (socket_of(id).is_inet() && step.meets_interruption()) return step.done(-EINTR);
    step.set_timeout(socket_of(id).receive_ns);
    if (!step.wait_ready(POLLIN)) return step.done(step.timed_out() ? -EAGAIN : -EINTR);
    if (socket_at(descriptor) != id) return step.done(-EBADF);
  }
  const bool stream = socket_of(id).is_stream();
  const long result = stream ? receive_stream(descriptor, id, message, flags, waits, step)
                             : receive_datagram(descriptor, id, message, flags);
  const long answered = step.done(result);
  if (result > 0) watch_message(message, static_cast<std::size_t>(result), true, pc);
  return answered;
}

namespace {

long send_stream(int descriptor, SocketId id, const msghdr& message, int flags, IoStep& step) {
  const bool waits = (flags & MSG_DONTWAIT) == 0 && !is_nonblocking(descriptor);
  const std::size_t size = size_of(message);
  std::size_t limit = size;
  if (socket_of(id).type == SOCK_STREAM && size != 0) {
    // How much the other side and the way to it take is not ours to know.
    if (waits && socket_of(id).is_tcp() && step.meets_interruption()) return -EINTR;
    if (!waits && step.meets(IoFault::again)) {
      tell_again(descriptor);
      return -EAGAIN;
    }
    if (!waits && size > 1 && step.meets(IoFault::short_count, size)) {
      limit = size / 2;
      tell_again(descriptor);
    }
    if (socket_of(id).is_tcp() && step.meets(IoFault::reset)) {
      reset_connection(id);
      return -ECONNRESET;
    }
  }
  if (waits) step.set_timeout(socket_of(id).send_ns);
  std::size_t sent = 0;
  long result = 0;
  do {
    std::vector<iovec> parts = parts_from(message, sent, limit - sent);
    msghdr rest = message;
    rest.msg_name = nullptr;
    rest.msg_namelen = 0;
    rest.msg_iov = parts.data();
    rest.msg_iovlen = parts.size();
    if (sent != 0) rest.msg_controllen = 0;
    result = raw_syscall(SYS_sendmsg, descriptor, reinterpret_cast<long>(&rest),
                         flags | MSG_DONTWAIT | MSG_NOSIGNAL);
    Socket& socket = socket_of(id);
    if (result > 0) {
      sent += static_cast<std::size_t>(result);
      finish_lingering(socket);
    } else if (result == -EPIPE && socket.is_tcp() && socket.error != 0) {
      result = -take_error(socket);
    } else if (result == -EPIPE && socket.is_tcp() && socket.partner != 0 && !socket.shut_write &&
               !socket.told_of_end) {
      // TCP sends into the blue: that nobody reads there is known by the next write.
      const Socket& partner = socket_of(socket.partner);
      socket.told_of_end = partner.shut_write || partner.lingering;
      sent = limit;
    } else if (result == -EAGAIN && waits) {
      if (sent != 0) readiness_changed(step.id());
      if (step.wait_ready(POLLOUT)) {
        if (socket_at(descriptor) != id) return sent != 0 ? static_cast<long>(sent) : -EBADF;
        result = 1;
        continue;
      }
      result = step.timed_out() ? -EAGAIN : -EINTR;
    }
  } while (result > 0 && sent < limit);
  return sent != 0 ? static_cast<long>(sent) : result;
}

/// Sends to whoever receives at an address; `receiver` is then its channel.
long send_datagram(int descriptor, SocketId id, const msghdr& message, int flags, IoStep& step,
                   ChannelId& receiver) {
  NetAddress to = socket_of(id).peer;
  if (message.msg_name != nullptr && message.msg_namelen != 0) {
    const long read = read_address(socket_of(id), static_cast<const sockaddr*>(message.msg_name),
                                   message.msg_namelen, to);
    if (read < 0) return read;
  } else if (!to.set) {
    return socket_of(id).is_inet() ? -EDESTADDRREQ : -ENOTCONN;
  }
  if (!is_local(socket_of(id), to)) return -ENETUNREACH;
  to = to_loopback(to);
  if (socket_of(id).error != 0) return -take_error(socket_of(id));
  if (size_of(message) > 65507 && socket_of(id).is_inet()) return -EMSGSIZE;
  bind_somewhere(id, nullptr);
  NetAddress from = socket_of(id).local;
  if (socket_of(id).is_inet()) {
    // What the receiver sees of a sender that stands at no address of its own.
    const in6_addr any_v6 = in6addr_any;
    const bool v4 = IN6_IS_ADDR_V4MAPPED(&to.ip);
    const bool is_any = memcmp(&from.ip, &any_v6, sizeof any_v6) == 0 ||
                        (IN6_IS_ADDR_V4MAPPED(&from.ip) && from.ip.s6_addr32[3] == 0);
    if (is_any) {
      from.ip = in6addr_loopback;
      if (v4) {
        from.ip = {};
        from.ip.s6_addr32[2] = htonl(0xffff);
        from.ip.s6_addr32[3] = htonl(INADDR_LOOPBACK);
      }
    }
  }
  const bool waits = (flags & MSG_DONTWAIT) == 0 && !is_nonblocking(descriptor);
  if (waits) step.set_timeout(socket_of(id).send_ns);
  for (;;) {
    bool path_exists = false;
    const SocketId target = find_receiver(socket_of(id), to, path_exists);
    if (target == 0) {
      if (!socket_of(id).is_inet()) return path_exists ? -ECONNREFUSED : -ENOENT;
      // A connected sender hears of it by its next call.
      if (socket_of(id).peer.set) socket_of(id).error = ECONNREFUSED;
      return static_cast<long>(size_of(message));
    }
    msghdr rest = message;
    rest.msg_name = nullptr;
    rest.msg_namelen = 0;
    const long result = raw_syscall(SYS_sendmsg, socket_of(target).held,
                                    reinterpret_cast<long>(&rest), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (result >= 0) {
      socket_of(target).senders.push_back(from);
      receiver = socket_of(target).channel;
      return result;
    }
    if (result != -EAGAIN) return result;
    // A full queue: UDP loses it, a Unix socket waits.
    if (socket_of(id).is_inet()) return static_cast<long>(size_of(message));
    if (!waits) return -EAGAIN;
    if (!step.wait_other(socket_of(target).held, POLLOUT)) {
      return step.timed_out() ? -EAGAIN : -EINTR;
    }
  }
}

/// A datagram to somebody outside the program.
bool goes_elsewhere(SocketId id, const msghdr& message) {
  if (id == 0 || socket_of(id).is_stream() || message.msg_name == nullptr) return false;
  NetAddress to;
  return read_address(socket_of(id), static_cast<const sockaddr*>(message.msg_name),
                      message.msg_namelen, to) == 0 &&
         !is_local(socket_of(id), to);
}

}  // namespace

long network_send(int descriptor, const msghdr& message, int flags, void* pc) {
  if (goes_elsewhere(socket_at(descriptor), message)) {
    note_blind("sendto", pc);
    if (engine().network_real && leave_network(socket_at(descriptor))) {
      return answer(raw_syscall(SYS_sendmsg, descriptor, reinterpret_cast<long>(&message), flags));
    }
  }
  const std::size_t size = size_of(message);
  watch_message(message, size, false, pc);
  IoStep step(Operation::fd_write, descriptor, pc);
  const SocketId id = socket_at(descriptor);
  if (id == 0) return step.done(-EBADF);
  ChannelId receiver = 0;
  long result = 0;
  Socket& socket = socket_of(id);
  if (!socket.is_stream()) {
    result = send_datagram(descriptor, id, message, flags, step, receiver);
  } else if (socket.state == Socket::State::connected) {
    result = send_stream(descriptor, id, message, flags, step);
  } else if (socket.error != 0) {
    result = -take_error(socket);
  } else {
    result = socket.is_inet() ? -EPIPE : -ENOTCONN;
  }
  const long answered = step.done(result);
  const int error = errno;
  if (receiver != 0) {
    mark_channel(receiver);
    readiness_changed(receiver);
  }
  if (result == -EPIPE && (flags & MSG_NOSIGNAL) == 0 && socket_of(id).is_stream()) {
    raise_for_program(SIGPIPE, pc);
  }
  errno = error;
  return answered;
}

long network_shutdown(int descriptor, int how, void* pc) {
  IoStep step(Operation::fd_close, descriptor, pc);
  const SocketId id = socket_at(descriptor);
  if (id == 0) return step.done(-EBADF);
  Socket& socket = socket_of(id);
  if (how < SHUT_RD || how > SHUT_RDWR) return step.done(-EINVAL);
  if (!socket.is_stream()) {
    if (socket.is_inet() && !socket.peer.set) return step.done(-ENOTCONN);
    return step.done(raw_syscall(SYS_shutdown, descriptor, how));
  }
  if (socket.state == Socket::State::listening) {
    if (how != SHUT_WR) {
      stop_listening(socket);
      raw_syscall(SYS_shutdown, descriptor, SHUT_RD);  // who waits to accept goes on, and fails
    }
    return step.done(0);
  }
  if (socket.state != Socket::State::connected) return step.done(-ENOTCONN);
  if (how != SHUT_WR) socket.shut_read = true;
  if (how != SHUT_RD) socket.shut_write = true;
  return step.done(raw_syscall(SYS_shutdown, descriptor, how));
}

}  // namespace trama::runtime
