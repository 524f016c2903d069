// The network of an execution: which socket of the program stands where, and who is connected
// to whom. No port of the machine is bound, nothing leaves the process.
//
// Behind every socket is a pair of Unix sockets of the kernel, made when the program calls
// socket(). The program's descriptor is one end and stays so, whatever is registered for it in an
// epoll set; the other end is held here:
//
//   stream        until it is connected. Then the held end is what accept gives to the server, and
//                 bytes flow without us.
//   listener      for each connection that waits to be accepted a byte stands in the pair, so
//                 the listener is readable exactly while there is one.
//   datagrams     for good. Who sends writes into the receiver's held end; senders' addresses
//                 stand in a queue beside.
//
// So poll, epoll and the waits of io_wait.hpp work as with any descriptor.
//
// An end of TCP that is closed lives on here while the other is open (`lingering`), as in a real
// stack: the other reads the end of the stream, its first write is accepted, later ones fail.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/descriptors.hpp"

namespace trama::runtime {

/// Where a socket stands. IPv4 is kept as IPv6 keeps it (::ffff:a.b.c.d).
struct NetAddress {
  bool set = false;
  std::uint16_t port = 0;
  std::uint32_t scope = 0;
  in6_addr ip = {};
  std::string path;  ///< Unix; an abstract one begins with \0
};

struct Socket {
  enum class State : std::uint8_t { fresh, listening, connected, failed };

  bool alive = false;
  int domain = 0;
  int type = 0;
  int protocol = 0;
  State state = State::fresh;
  NetAddress local;
  NetAddress peer;
  ChannelId channel = 0;
  int held = -1;           ///< the end that no descriptor of the program is
  SocketId partner = 0;    ///< connected stream: the other end
  bool lingering = false;  ///< closed by the program
  bool accepted = true;    ///< false: waits in a listener's queue
  bool reuse_address = false;
  bool reuse_port = false;
  bool only_v6 = false;
  bool reset_on_close = false;  ///< SO_LINGER with no time
  bool shut_read = false;
  bool shut_write = false;
  bool connecting = false;   ///< asked for without waiting, and not yet asked about again
  bool told_of_end = false;  ///< a write after the other end was shut has been accepted
  int error = 0;             ///< SO_ERROR
  unsigned backlog = 0;
  std::uint64_t receive_ns = 0;  ///< SO_RCVTIMEO; 0: none
  std::uint64_t send_ns = 0;
  std::vector<SocketId> waiting;    ///< listener: to be accepted
  std::vector<NetAddress> senders;  ///< datagrams: of those that stand in the queue
  struct Option {
    int level;
    int name;
    std::string value;
  };
  std::vector<Option> options;  ///< remembered, without effect

  [[nodiscard]] bool is_stream() const { return type != SOCK_DGRAM; }
  [[nodiscard]] bool is_inet() const { return domain == AF_INET || domain == AF_INET6; }
  [[nodiscard]] bool is_tcp() const { return is_inet() && is_stream(); }
};

/// Forgets all: an execution begins.
void begin_network();

/// Makes a socket; its descriptor or a negative errno. 0 is never a descriptor of a network that
/// has none of this kind: then `known` is false.
long make_socket(int domain, int type, int protocol, bool& known);
Socket& socket_of(SocketId id);

/// The socket behind a descriptor; null where it is none of this network.
Socket* find_socket(int descriptor);

/// Reads and writes addresses as the program has them. A negative errno, or 0.
long read_address(const Socket& socket, const sockaddr* address, socklen_t size, NetAddress& read);
void write_address(const Socket& socket, const NetAddress& address, sockaddr* to, socklen_t* size);

/// Where a connection to "any address" goes.
NetAddress to_loopback(NetAddress address);
/// An address that this machine has for itself.
bool is_local(const Socket& socket, const NetAddress& address);

/// What getsockname tells.
NetAddress shown_name(const Socket& socket);

/// Gives the socket its place; a negative errno where it is taken.
long bind_socket(SocketId id, NetAddress wanted);
/// A free port and the address that packets to `towards` come from.
void bind_somewhere(SocketId id, const NetAddress* towards);
/// Who listens (stream) or receives (datagrams) at an address; 0: nobody.
SocketId find_receiver(const Socket& from, const NetAddress& address, bool& path_exists);
/// A path is removed from the disk; false where it never was a socket's.
bool forget_path(const char* path);

/// Puts a new connection of `client` into the listener's queue.
void connect_streams(SocketId client, SocketId listener);
/// The other end of a connection is found dead, as after a reset.
void break_connection(SocketId id, int error);
/// Takes what has come for an end that the program has closed: the connection is over.
void finish_lingering(Socket& sender);
/// Nobody listens any more: who waits is refused.
void stop_listening(Socket& listener);

/// The program is about to close its last descriptor of a socket, and has closed it.
void before_close(int descriptor);
void after_close(SocketId id);

/// What follows is told of as "127.0.0.1:8080".
std::string address_text(const NetAddress& address);

}  // namespace trama::runtime
