// The calls that libc_io.cpp and libc_socket.cpp share, for sockets of the network (network.hpp):
// each one step. All return what the kernel would, a negative errno on failure.
#pragma once

#include <sys/socket.h>

#include "runtime/io_step.hpp"
#include "runtime/network.hpp"

namespace trama::runtime {

/// One message or a part of a stream; what is not asked for may be null in `message`.
long network_receive(int descriptor, msghdr& message, int flags, void* pc);
long network_send(int descriptor, const msghdr& message, int flags, void* pc);
long network_shutdown(int descriptor, int how, void* pc);

inline ssize_t network_read(int descriptor, const iovec* parts, int count, void* pc) {
  msghdr message = {};
  message.msg_iov = const_cast<iovec*>(parts);
  message.msg_iovlen = static_cast<std::size_t>(count);
  return network_receive(descriptor, message, 0, pc);
}
inline ssize_t network_write(int descriptor, const iovec* parts, int count, int flags, void* pc) {
  msghdr message = {};
  message.msg_iov = const_cast<iovec*>(parts);
  message.msg_iovlen = static_cast<std::size_t>(count);
  return network_send(descriptor, message, flags, pc);
}

/// Whether the descriptor's calls never wait.
bool is_nonblocking(int descriptor);
/// Edge-triggered epoll sets tell of the descriptor again: a fault left what it was told of.
void tell_again(int descriptor);

/// The socket becomes one of the kernel's own (--network=real): with its options, its numbers and
/// its places in epoll sets. False where the kernel has none for it.
bool leave_network(SocketId id);
/// The other end of the socket's pair is new: it is as after socket().
void renew_socket(SocketId id);

}  // namespace trama::runtime
