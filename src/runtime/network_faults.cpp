// What faults of the network on request (--io-faults) need besides the choice: descriptors that
// change what stands behind them without their epoll sets noticing.
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include <string>

#include "runtime/network_calls.hpp"
#include "runtime/rewind.hpp"
#include "runtime/syscall.hpp"
#include "runtime/text.hpp"

namespace trama::runtime {
namespace {

struct Registration {
  int set = -1;
  int descriptor = -1;
  epoll_event wanted = {};
};

std::string read_whole(const std::string& path) {
  std::string text;
  const long file =
      raw_syscall(SYS_openat, AT_FDCWD, reinterpret_cast<long>(path.c_str()), O_RDONLY | O_CLOEXEC);
  if (file < 0) return text;
  char bytes[4096];
  for (;;) {
    const long got =
        raw_syscall(SYS_read, file, reinterpret_cast<long>(bytes), static_cast<long>(sizeof bytes));
    if (got <= 0) break;
    text.append(bytes, static_cast<std::size_t>(got));
  }
  raw_syscall(SYS_close, file);
  return text;
}

std::uint64_t number_after(const char* line, const char* word, int base) {
  const char* at = strstr(line, word);
  std::uint64_t value = 0;
  if (at == nullptr) return value;
  for (at += strlen(word); *at == ' '; ++at) {
  }
  for (;; ++at) {
    const unsigned digit = *at >= '0' && *at <= '9'   ? static_cast<unsigned>(*at - '0')
                           : *at >= 'a' && *at <= 'f' ? static_cast<unsigned>(*at - 'a') + 10
                                                      : 99;
    if (digit >= static_cast<unsigned>(base)) return value;
    value = value * static_cast<unsigned>(base) + digit;
  }
}

/// In which epoll sets a descriptor is, as the kernel tells: `tfd: 5 events: 19 data: 5 …`.
std::vector<Registration> registrations(int descriptor) {
  std::vector<Registration> found;
  for (int set = next_event(0); set >= 0; set = next_event(set + 1)) {
    std::string path = "/proc/self/fdinfo/";
    append_number(path, static_cast<std::uint64_t>(set));
    const std::string text = read_whole(path);
    for (const char* line = strstr(text.c_str(), "tfd:"); line != nullptr;
         line = strstr(line + 1, "tfd:")) {
      if (number_after(line, "tfd:", 10) != static_cast<std::uint64_t>(descriptor)) continue;
      Registration one;
      one.set = set;
      one.descriptor = descriptor;
      one.wanted.events = static_cast<std::uint32_t>(number_after(line, "events:", 16));
      one.wanted.data.u64 = number_after(line, "data:", 16);
      found.push_back(one);
    }
  }
  return found;
}

void register_with(const Registration& one, int operation) {
  epoll_event wanted = one.wanted;
  raw_syscall(SYS_epoll_ctl, one.set, operation, one.descriptor, reinterpret_cast<long>(&wanted));
}

/// Another object stands behind all descriptors of the socket; the epoll sets hold it as they
/// held the one before.
void put_behind(SocketId id, int object) {
  std::vector<int> numbers;
  for (int i = 0; i < kOwnDescriptors; ++i) {
    if (socket_at(i) == id) numbers.push_back(i);
  }
  std::vector<Registration> sets;
  for (const int number : numbers) {
    for (const Registration& one : registrations(number)) sets.push_back(one);
  }
  for (const int number : numbers) {
    const long flags = raw_syscall(SYS_fcntl, number, F_GETFD);
    const long status = raw_syscall(SYS_fcntl, number, F_GETFL);
    raw_syscall(SYS_dup3, object, number, (flags & FD_CLOEXEC) != 0 ? O_CLOEXEC : 0);
    raw_syscall(SYS_fcntl, number, F_SETFL, status & O_NONBLOCK);
  }
  for (const Registration& one : sets) register_with(one, EPOLL_CTL_ADD);
}

}  // namespace

void tell_again(int descriptor) {
  for (const Registration& one : registrations(descriptor)) {
    if ((one.wanted.events & EPOLLET) != 0) register_with(one, EPOLL_CTL_MOD);
  }
}

void renew_socket(SocketId id) {
  Socket& socket = socket_of(id);
  bool known = false;
  const long made = make_socket(socket.domain, socket.type | SOCK_CLOEXEC, socket.protocol, known);
  if (made < 0) return;
  const SocketId other = socket_at(static_cast<int>(made));
  put_behind(id, static_cast<int>(made));
  Socket& fresh = socket_of(other);
  Socket& renewed = socket_of(id);
  if (renewed.held >= 0) raw_syscall(SYS_close, renewed.held);
  renewed.held = fresh.held;
  renewed.state = Socket::State::fresh;
  renewed.peer.set = false;
  renewed.partner = 0;
  fresh.held = -1;
  raw_syscall(SYS_close, made);
  note_closed(static_cast<int>(made));
  after_close(other);
}

bool leave_network(SocketId id) {
  Socket& socket = socket_of(id);
  const long real =
      raw_syscall(SYS_socket, socket.domain, socket.type | SOCK_CLOEXEC, socket.protocol);
  if (real < 0) return false;
  for (const Socket::Option& one : socket.options) {
    raw_syscall(SYS_setsockopt, real, one.level, one.name, reinterpret_cast<long>(one.value.data()),
                static_cast<long>(one.value.size()));
  }
  put_behind(id, static_cast<int>(real));
  raw_syscall(SYS_close, real);
  channel(socket.channel).outside = true;
  for (int i = 0; i < kOwnDescriptors; ++i) {
    if (socket_at(i) == id) set_socket(i, 0);
  }
  after_close(id);
  return true;
}

}  // namespace trama::runtime
