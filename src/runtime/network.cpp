#include "runtime/network.hpp"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

#include "runtime/io_wait.hpp"
#include "runtime/rewind.hpp"
#include "runtime/syscall.hpp"
#include "runtime/text.hpp"

namespace trama::runtime {
namespace {

/// Held ends stand behind our own descriptors, out of the way of the program's numbers.
constexpr int kHeldFrom = kOwnDescriptors + 256;
constexpr std::uint16_t kFirstPort = 40000;
constexpr std::uint16_t kLastPort = 60999;

struct BoundPath {
  std::string path;
  SocketId socket;  // 0: of one that is closed; the path stays
};

bool g_touched = false;  // by this execution
std::vector<Socket*>& sockets() {
  static auto* list = new std::vector<Socket*>;
  return *list;
}
std::vector<BoundPath>& paths() {
  static auto* list = new std::vector<BoundPath>;
  return *list;
}
std::uint16_t g_next_port = kFirstPort;

void close_raw(int& descriptor) {
  if (descriptor >= 0) raw_syscall(SYS_close, descriptor);
  descriptor = -1;
}

int hold(int descriptor) {
  const long held = raw_syscall(SYS_fcntl, descriptor, F_DUPFD_CLOEXEC, kHeldFrom);
  if (held < 0) return descriptor;
  raw_syscall(SYS_close, descriptor);
  return static_cast<int>(held);
}

bool is_v4(const in6_addr& ip) { return IN6_IS_ADDR_V4MAPPED(&ip) != 0; }
std::uint32_t v4_of(const in6_addr& ip) { return ntohl(ip.s6_addr32[3]); }
in6_addr mapped(std::uint32_t v4) {
  in6_addr ip = {};
  ip.s6_addr32[2] = htonl(0xffff);
  ip.s6_addr32[3] = htonl(v4);
  return ip;
}
bool same_ip(const in6_addr& a, const in6_addr& b) { return memcmp(&a, &b, sizeof a) == 0; }
bool is_any(const in6_addr& ip) {
  return IN6_IS_ADDR_UNSPECIFIED(&ip) || (is_v4(ip) && v4_of(ip) == 0);
}

bool same_place(const NetAddress& a, const NetAddress& b) {
  return a.port == b.port && same_ip(a.ip, b.ip) && a.path == b.path;
}

/// How well a bound socket fits where something is sent to: 0 not at all, 2 by its own address.
unsigned fits(const Socket& bound, const NetAddress& to) {
  if (!bound.local.set || bound.local.port != to.port) return 0;
  if (same_ip(bound.local.ip, to.ip)) return 2;
  if (!is_any(bound.local.ip)) return 0;
  if (is_v4(bound.local.ip)) return is_v4(to.ip) ? 1 : 0;
  return !is_v4(to.ip) || !bound.only_v6 ? 1 : 0;
}

bool overlap(const Socket& a, const NetAddress& at, const Socket& b) {
  if (is_any(at.ip)) {
    if (is_v4(at.ip)) return is_v4(b.local.ip) || (is_any(b.local.ip) && !b.only_v6);
    return !is_v4(b.local.ip) || !a.only_v6;
  }
  return fits(b, at) != 0;
}

/// Whether a socket may stand at an address of IP.
bool is_free(const Socket& wants, const NetAddress& at) {
  for (const Socket* other : sockets()) {
    if (other == &wants || !other->alive || !other->is_inet() || !other->local.set ||
        other->type != wants.type || other->local.port != at.port) {
      continue;
    }
    if (!overlap(wants, at, *other)) continue;
    if (wants.reuse_port && other->reuse_port) continue;
    const bool both = wants.reuse_address && other->reuse_address;
    if (both && other->state != Socket::State::listening) continue;
    return false;
  }
  return true;
}

std::uint16_t free_port(const Socket& wants, NetAddress at) {
  Socket strict = wants;
  strict.reuse_address = false;
  strict.reuse_port = false;
  strict.local.set = false;
  for (int tries = kLastPort - kFirstPort; tries >= 0; --tries) {
    at.port = g_next_port;
    g_next_port =
        g_next_port == kLastPort ? kFirstPort : static_cast<std::uint16_t>(g_next_port + 1);
    if (is_free(strict, at)) return at.port;
  }
  return 0;
}

SocketId id_of(const Socket& socket) {
  for (std::size_t i = 0; i < sockets().size(); ++i) {
    if (sockets()[i] == &socket) return static_cast<SocketId>(i + 1);
  }
  return 0;
}

SocketId add() {
  g_touched = true;
  sockets().push_back(new Socket);
  sockets().back()->alive = true;
  return static_cast<SocketId>(sockets().size());
}

void name_after(const Socket& socket) {
  name_channel(socket.channel, address_text(socket.local).c_str());
}

/// The socket is no more; its place is free. A path stays on the disk.
void drop(Socket& socket) {
  const SocketId id = id_of(socket);
  for (std::size_t i = paths().size(); i-- > 0;) {
    if (paths()[i].socket != id) continue;
    if (paths()[i].path[0] == '\0') {
      paths().erase(paths().begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      paths()[i].socket = 0;
    }
  }
  close_raw(socket.held);
  socket.alive = false;
  socket.local.set = false;
}

/// What the kernel forgets by itself when the last descriptor is closed: here one stays open.
void leave_epoll_sets(int descriptor) {
  for (int set = next_event(0); set >= 0; set = next_event(set + 1)) {
    raw_syscall(SYS_epoll_ctl, set, EPOLL_CTL_DEL, descriptor, 0);
  }
}

bool has_unread(int descriptor) {
  int bytes = 0;
  raw_syscall(SYS_ioctl, descriptor, FIONREAD, reinterpret_cast<long>(&bytes));
  return bytes != 0;
}

}  // namespace

void begin_network() {
  if (!g_touched) return;
  g_touched = false;
  for (Socket* old : sockets()) {
    // A session has closed all descriptors by now; their numbers may be others'.
    if (!engine().session) close_raw(old->held);
    delete old;
  }
  sockets().clear();
  paths().clear();
  g_next_port = kFirstPort;
}

Socket& socket_of(SocketId id) { return *sockets()[id - 1]; }

Socket* find_socket(int descriptor) {
  const SocketId id = socket_at(descriptor);
  return id == 0 ? nullptr : &socket_of(id);
}

long make_socket(int domain, int type, int protocol, bool& known) {
  const int kind = type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC);
  const bool inet = domain == AF_INET || domain == AF_INET6;
  known = domain == AF_UNIX ? kind == SOCK_STREAM || kind == SOCK_DGRAM || kind == SOCK_SEQPACKET
          : inet            ? (kind == SOCK_STREAM && (protocol == 0 || protocol == IPPROTO_TCP)) ||
                       (kind == SOCK_DGRAM && (protocol == 0 || protocol == IPPROTO_UDP))
                 : false;
  if (!known) return 0;
  // Datagrams too: of these the kernel queues as many as there is room for, not ten.
  const int carrier = kind == SOCK_STREAM ? SOCK_STREAM : SOCK_SEQPACKET;
  int ends[2];
  const long result =
      raw_syscall(SYS_socketpair, AF_UNIX, carrier | (type & (SOCK_NONBLOCK | SOCK_CLOEXEC)), 0,
                  reinterpret_cast<long>(ends));
  if (result < 0) return result;
  note_descriptors_changed();
  const SocketId id = add();
  Socket& made = socket_of(id);
  made.domain = domain;
  made.type = kind;
  made.protocol = protocol != 0 || !inet ? protocol
                  : kind == SOCK_STREAM  ? IPPROTO_TCP
                                         : IPPROTO_UDP;
  made.held = hold(ends[1]);
  // Whether the program waits at an end is its own affair; what is held here never waits.
  raw_syscall(SYS_fcntl, made.held, F_SETFL, 0);
  made.channel = note_made(ObjectKind::socket, ends[0]);
  set_socket(ends[0], id);
  return ends[0];
}

// -- Addresses -----------------------------------------------------------------------------

long read_address(const Socket& socket, const sockaddr* address, socklen_t size, NetAddress& read) {
  read = {};
  read.set = true;
  if (address == nullptr) return -EFAULT;
  if (size < sizeof(sa_family_t)) return -EINVAL;
  if (socket.domain == AF_UNIX) {
    if (address->sa_family != AF_UNIX) return -EINVAL;
    if (size > sizeof(sockaddr_un)) return -EINVAL;
    const auto* unix_address = reinterpret_cast<const sockaddr_un*>(address);
    const std::size_t room = size - sizeof(sa_family_t);
    if (room == 0) {
      read.set = false;  // any name will do
      return 0;
    }
    read.path.assign(unix_address->sun_path, unix_address->sun_path[0] == '\0'
                                                 ? room
                                                 : strnlen(unix_address->sun_path, room));
    return 0;
  }
  if (address->sa_family == AF_INET6 && socket.domain == AF_INET6) {
    if (size < sizeof(sockaddr_in6)) return -EINVAL;
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(address);
    read.ip = v6->sin6_addr;
    read.port = ntohs(v6->sin6_port);
    read.scope = v6->sin6_scope_id;
    return 0;
  }
  // A sender may name an address of IPv4 in either way.
  const bool old_any = socket.domain == AF_INET && address->sa_family == AF_UNSPEC;
  if (address->sa_family != AF_INET && !old_any) return -EAFNOSUPPORT;
  if (socket.domain == AF_INET6) return -EINVAL;
  if (size < sizeof(sockaddr_in)) return -EINVAL;
  const auto* v4 = reinterpret_cast<const sockaddr_in*>(address);
  read.ip = mapped(ntohl(v4->sin_addr.s_addr));
  read.port = ntohs(v4->sin_port);
  return 0;
}

void write_address(const Socket& socket, const NetAddress& address, sockaddr* to, socklen_t* size) {
  if (to == nullptr || size == nullptr) return;
  sockaddr_storage written = {};
  socklen_t length = 0;
  written.ss_family = static_cast<sa_family_t>(socket.domain);
  if (socket.domain == AF_UNIX) {
    auto* unix_address = reinterpret_cast<sockaddr_un*>(&written);
    length = sizeof(sa_family_t);
    if (address.set && !address.path.empty()) {
      memcpy(unix_address->sun_path, address.path.data(), address.path.size());
      length += static_cast<socklen_t>(address.path.size());
      if (address.path[0] != '\0') ++length;
    }
  } else if (socket.domain == AF_INET) {
    auto* v4 = reinterpret_cast<sockaddr_in*>(&written);
    v4->sin_port = htons(address.port);
    v4->sin_addr.s_addr = htonl(v4_of(address.ip));
    length = sizeof *v4;
  } else {
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&written);
    v6->sin6_port = htons(address.port);
    v6->sin6_addr = address.ip;
    v6->sin6_scope_id = address.scope;
    length = sizeof *v6;
  }
  memcpy(to, &written, std::min(*size, length));
  *size = length;
}

NetAddress to_loopback(NetAddress address) {
  if (!is_any(address.ip) || !address.path.empty()) return address;
  address.ip = is_v4(address.ip) ? mapped(INADDR_LOOPBACK) : in6addr_loopback;
  return address;
}

NetAddress shown_name(const Socket& socket) {
  NetAddress shown = socket.local;
  if (!shown.set && socket.domain == AF_INET) shown.ip = mapped(INADDR_ANY);
  return shown;
}

bool is_local(const Socket& socket, const NetAddress& address) {
  if (!socket.is_inet() || is_any(address.ip)) return true;
  if (is_v4(address.ip)) return v4_of(address.ip) >> 24U == 127;
  return IN6_IS_ADDR_LOOPBACK(&address.ip) != 0;
}

std::string address_text(const NetAddress& address) {
  if (!address.path.empty()) {
    return address.path[0] == '\0' ? '@' + std::string(address.path.c_str() + 1) : address.path;
  }
  char text[INET6_ADDRSTRLEN] = {};
  const bool v4 = is_v4(address.ip);
  std::string result = v4 ? "" : "[";
  result += v4 ? inet_ntop(AF_INET, &address.ip.s6_addr32[3], text, sizeof text)
               : inet_ntop(AF_INET6, &address.ip, text, sizeof text);
  result += v4 ? ":" : "]:";
  append_number(result, address.port);
  return result;
}

// -- Places --------------------------------------------------------------------------------

namespace {

long bind_path(SocketId id, const NetAddress& wanted) {
  const std::string& path = wanted.path;
  for (const BoundPath& taken : paths()) {
    if (taken.path == path) return -EADDRINUSE;
  }
  if (path[0] != '\0' &&
      raw_syscall(SYS_access, reinterpret_cast<long>(path.c_str()), F_OK) != -ENOENT) {
    return -EADDRINUSE;
  }
  g_touched = true;
  paths().push_back({path, id});
  Socket& socket = socket_of(id);
  socket.local = wanted;
  name_after(socket);
  return 0;
}

}  // namespace

long bind_socket(SocketId id, NetAddress wanted) {
  Socket& socket = socket_of(id);
  if (socket.domain == AF_UNIX) {
    if (socket.local.set) return -EINVAL;
    if (!wanted.set) {
      wanted.set = true;
      wanted.path.assign(1, '\0');
      append_number(wanted.path, 10000 + id);
    }
    return bind_path(id, wanted);
  }
  if (socket.local.set) return -EINVAL;
  if (!is_local(socket, wanted)) return -EADDRNOTAVAIL;
  if (wanted.port == 0) {
    wanted.port = free_port(socket, wanted);
    if (wanted.port == 0) return -EADDRINUSE;
  } else if (!is_free(socket, wanted)) {
    return -EADDRINUSE;
  }
  socket.local = wanted;
  name_after(socket);
  return 0;
}

void bind_somewhere(SocketId id, const NetAddress* towards) {
  Socket& socket = socket_of(id);
  if (!socket.is_inet()) return;
  NetAddress here;
  here.set = true;
  if (towards != nullptr) {
    here.ip = is_v4(towards->ip) ? mapped(INADDR_LOOPBACK) : in6addr_loopback;
  } else {
    here.ip = socket.domain == AF_INET ? mapped(INADDR_ANY) : in6addr_any;
  }
  if (!socket.local.set) {
    here.port = free_port(socket, here);
    socket.local = here;
  } else if (towards != nullptr && is_any(socket.local.ip)) {
    socket.local.ip = here.ip;
  }
}

SocketId find_receiver(const Socket& from, const NetAddress& address, bool& path_exists) {
  path_exists = false;
  if (from.domain == AF_UNIX) {
    for (const BoundPath& bound : paths()) {
      if (bound.path != address.path) continue;
      path_exists = true;
      if (bound.socket == 0) return 0;
      const Socket& found = socket_of(bound.socket);
      if (found.type != from.type) return 0;
      const bool takes = found.is_stream() ? found.state == Socket::State::listening
                                           : !found.peer.set || same_place(found.peer, from.local);
      return takes ? bound.socket : 0;
    }
    return 0;
  }
  const NetAddress to = to_loopback(address);
  SocketId best = 0;
  unsigned best_fit = 0;
  for (std::size_t i = 0; i < sockets().size(); ++i) {
    const Socket& found = *sockets()[i];
    if (!found.alive || !found.is_inet() || found.type != from.type) continue;
    unsigned fit = fits(found, to);
    if (fit == 0) continue;
    if (found.is_stream()) {
      if (found.state != Socket::State::listening) continue;
    } else if (found.peer.set) {
      // A socket that is connected hears its peer only.
      const bool is_peer = found.peer.port == from.local.port &&
                           (same_ip(found.peer.ip, from.local.ip) || is_any(from.local.ip));
      if (!is_peer) continue;
      fit += 2;
    }
    if (fit > best_fit) {
      best = static_cast<SocketId>(i + 1);
      best_fit = fit;
    }
  }
  return best;
}

bool forget_path(const char* path) {
  if (path == nullptr) return false;
  for (std::size_t i = 0; i < paths().size(); ++i) {
    if (paths()[i].path != path) continue;
    paths().erase(paths().begin() + static_cast<std::ptrdiff_t>(i));
    return true;
  }
  return false;
}

// -- Connections ---------------------------------------------------------------------------

void connect_streams(SocketId client, SocketId listener) {
  const SocketId other = add();
  Socket& from = socket_of(client);
  Socket& at = socket_of(listener);
  Socket& made = socket_of(other);
  made.domain = at.domain;
  made.type = at.type;
  made.protocol = at.protocol;
  made.state = Socket::State::connected;
  made.local = at.is_inet() ? from.peer : at.local;
  made.peer = from.local;
  made.channel = from.channel;
  made.held = from.held;
  made.partner = client;
  made.accepted = false;
  // What was set for the listener holds for its connections.
  made.reuse_address = at.reuse_address;
  made.reuse_port = at.reuse_port;
  made.receive_ns = at.receive_ns;
  made.send_ns = at.send_ns;
  made.reset_on_close = at.reset_on_close;
  made.options = at.options;
  from.held = -1;
  from.partner = other;
  from.state = Socket::State::connected;
  at.waiting.push_back(other);
  const char byte = 1;
  raw_syscall(SYS_sendto, at.held, reinterpret_cast<long>(&byte), 1, MSG_DONTWAIT);
}

void break_connection(SocketId id, int error) {
  if (id == 0) return;
  Socket& end = socket_of(id);
  end.error = error;
  end.partner = 0;
  const int descriptor = end.held >= 0 ? end.held : socket_descriptor(id);
  if (descriptor >= 0) raw_syscall(SYS_shutdown, descriptor, SHUT_RDWR);
  if (end.lingering) drop(end);
}

void finish_lingering(Socket& sender) {
  if (sender.partner == 0 || !socket_of(sender.partner).lingering) return;
  Socket& gone = socket_of(sender.partner);
  if (!has_unread(gone.held)) return;
  // Taken, not left there: the sender's next read is the end of the stream, not an error.
  char bytes[4096];
  while (raw_syscall(SYS_recvfrom, gone.held, reinterpret_cast<long>(bytes), sizeof bytes,
                     MSG_DONTWAIT) > 0) {
  }
  sender.partner = 0;
  drop(gone);
}

void stop_listening(Socket& listener) {
  for (const SocketId id : listener.waiting) {
    Socket& refused = socket_of(id);
    break_connection(refused.partner, ECONNRESET);
    drop(refused);
  }
  listener.waiting.clear();
  listener.state = Socket::State::failed;
}

void before_close(int descriptor) {
  const SocketId id = socket_at(descriptor);
  if (id == 0 || count_of_socket(id) != 1) return;
  Socket& socket = socket_of(id);
  if (socket.state == Socket::State::listening) stop_listening(socket);
  if (socket.state != Socket::State::connected || !socket.is_tcp() || socket.partner == 0) return;
  Socket& partner = socket_of(socket.partner);
  if (partner.lingering || has_unread(descriptor)) return;
  if (socket.reset_on_close) {
    partner.error = ECONNRESET;
    return;
  }
  const long kept = raw_syscall(SYS_fcntl, descriptor, F_DUPFD_CLOEXEC, kHeldFrom);
  if (kept < 0) return;
  leave_epoll_sets(descriptor);
  socket.held = static_cast<int>(kept);
  socket.lingering = true;
  raw_syscall(SYS_shutdown, socket.held, SHUT_WR);
}

void after_close(SocketId id) {
  if (id == 0 || count_of_socket(id) != 0) return;
  Socket& socket = socket_of(id);
  if (!socket.alive || socket.lingering) return;
  if (socket.partner != 0) {
    Socket& partner = socket_of(socket.partner);
    partner.partner = 0;
    if (partner.lingering) drop(partner);
  }
  socket.partner = 0;
  drop(socket);
}

}  // namespace trama::runtime
