// getaddrinfo and getnameinfo: fixed answers, so that no name server and no file of the machine
// has a part in an execution. libc's own open sockets and load libraries without asking a symbol.
//
// Known are numbers, "localhost" and its like, and the name of this machine. The list is built as
// libc builds it (a block for each entry), so libc's freeaddrinfo frees it.
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>

#include <string>
#include <string_view>
#include <vector>

#include "runtime/engine.hpp"
#include "runtime/real.hpp"
#include "runtime/rewind.hpp"
#include "runtime/syscall.hpp"
#include "runtime/text.hpp"

namespace trama::runtime {
namespace {

struct Service {
  std::string_view name;
  std::uint16_t port;
};
constexpr Service kServices[] = {
    {"echo", 7},       {"discard", 9}, {"daytime", 13}, {"ftp", 21},          {"ssh", 22},
    {"telnet", 23},    {"smtp", 25},   {"time", 37},    {"domain", 53},       {"http", 80},
    {"pop3", 110},     {"ntp", 123},   {"imap2", 143},  {"https", 443},       {"submission", 587},
    {"imaps", 993},    {"pop3s", 995}, {"mysql", 3306}, {"postgresql", 5432}, {"redis", 6379},
    {"http-alt", 8080}};

struct Kind {
  int type;
  int protocol;
};

std::string host_name() {
  utsname names = {};
  raw_syscall(SYS_uname, reinterpret_cast<long>(&names));
  return names.nodename;
}

bool is_local_name(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  for (const std::string_view known :
       {"localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback"}) {
    if (name == known) return true;
  }
  return name.ends_with(".localhost") || name == host_name();
}

/// -1: not a service we know.
int port_of(const char* service, int flags) {
  if (service == nullptr) return 0;
  char* end = nullptr;
  const unsigned long number = strtoul(service, &end, 10);
  if (*service != '\0' && *end == '\0') return number <= 65535 ? static_cast<int>(number) : -1;
  if ((flags & AI_NUMERICSERV) != 0) return -1;
  for (const Service& known : kServices) {
    if (known.name == service) return known.port;
  }
  return -1;
}

struct Answer {
  int family;
  in6_addr v6;
  in_addr v4;
  std::uint32_t scope;
};

/// The addresses of a host; EAI_NONAME where there is none.
int addresses_of(const char* host, int family, int flags, std::vector<Answer>& found) {
  const bool v4 = family != AF_INET6;
  const bool v6 = family != AF_INET;
  const auto add_v4 = [&](std::uint32_t address) {
    Answer one = {AF_INET, {}, {htonl(address)}, 0};
    if (v4) found.push_back(one);
    if (v4 || (flags & AI_V4MAPPED) == 0) return;
    one.family = AF_INET6;
    one.v6.s6_addr32[2] = htonl(0xffff);
    one.v6.s6_addr32[3] = htonl(address);
    found.push_back(one);
  };
  if (host == nullptr) {
    const bool passive = (flags & AI_PASSIVE) != 0;
    if (v4) add_v4(passive ? INADDR_ANY : INADDR_LOOPBACK);
    if (v6) found.push_back({AF_INET6, passive ? in6addr_any : in6addr_loopback, {}, 0});
    return 0;
  }
  in_addr number = {};
  in6_addr long_number = {};
  if (inet_aton(host, &number) != 0) {
    add_v4(ntohl(number.s_addr));
    return found.empty() ? EAI_ADDRFAMILY : 0;
  }
  const std::string_view name(host);
  const std::string plain(name.substr(0, name.find('%')));
  if (inet_pton(AF_INET6, plain.c_str(), &long_number) == 1) {
    if (v6) found.push_back({AF_INET6, long_number, {}, name.size() == plain.size() ? 0U : 1U});
    return found.empty() ? EAI_ADDRFAMILY : 0;
  }
  if ((flags & AI_NUMERICHOST) != 0 || !is_local_name(name)) return EAI_NONAME;
  // IPv4 first: where both are asked for, servers that know one of them mostly know this.
  if (v4) add_v4(INADDR_LOOPBACK);
  if (v6) found.push_back({AF_INET6, in6addr_loopback, {}, 0});
  return 0;
}

addrinfo* new_entry(const Answer& from, const Kind& kind, int port, int flags) {
  const std::size_t room = from.family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
  auto* entry = static_cast<addrinfo*>(calloc(1, sizeof(addrinfo) + room));
  if (entry == nullptr) return nullptr;
  entry->ai_flags = flags;
  entry->ai_family = from.family;
  entry->ai_socktype = kind.type;
  entry->ai_protocol = kind.protocol;
  entry->ai_addrlen = static_cast<socklen_t>(room);
  entry->ai_addr = reinterpret_cast<sockaddr*>(entry + 1);
  entry->ai_addr->sa_family = static_cast<sa_family_t>(from.family);
  if (from.family == AF_INET) {
    auto* v4 = reinterpret_cast<sockaddr_in*>(entry->ai_addr);
    v4->sin_port = htons(static_cast<std::uint16_t>(port));
    v4->sin_addr = from.v4;
  } else {
    auto* v6 = reinterpret_cast<sockaddr_in6*>(entry->ai_addr);
    v6->sin6_port = htons(static_cast<std::uint16_t>(port));
    v6->sin6_addr = from.v6;
    v6->sin6_scope_id = from.scope;
  }
  return entry;
}

char* copy_text(std::string_view text) {
  auto* copy = static_cast<char*>(malloc(text.size() + 1));
  if (copy == nullptr) return nullptr;
  memcpy(copy, text.data(), text.size());
  copy[text.size()] = '\0';
  return copy;
}

int look_up(const char* host, const char* service, const addrinfo* hints, addrinfo** result) {
  const int family = hints == nullptr ? AF_UNSPEC : hints->ai_family;
  const int flags = hints == nullptr ? AI_V4MAPPED | AI_ADDRCONFIG : hints->ai_flags;
  const int type = hints == nullptr ? 0 : hints->ai_socktype;
  const int protocol = hints == nullptr ? 0 : hints->ai_protocol;
  if (host == nullptr && service == nullptr) return EAI_NONAME;
  if (host == nullptr && (flags & AI_CANONNAME) != 0) return EAI_BADFLAGS;
  if (family != AF_UNSPEC && family != AF_INET && family != AF_INET6) return EAI_FAMILY;
  std::vector<Kind> kinds;
  for (const Kind& kind : {Kind{SOCK_STREAM, IPPROTO_TCP}, Kind{SOCK_DGRAM, IPPROTO_UDP},
                           Kind{SOCK_RAW, IPPROTO_IP}}) {
    if ((type == 0 || type == kind.type) &&
        (protocol == 0 || protocol == kind.protocol || kind.type == SOCK_RAW)) {
      kinds.push_back({kind.type, kind.type == SOCK_RAW ? protocol : kind.protocol});
    }
  }
  if (kinds.empty()) return type == 0 ? EAI_SERVICE : EAI_SOCKTYPE;
  const int port = port_of(service, flags);
  if (port < 0) return (flags & AI_NUMERICSERV) != 0 ? EAI_NONAME : EAI_SERVICE;
  std::vector<Answer> found;
  const int error = addresses_of(host, family, flags, found);
  if (error != 0) return error;
  addrinfo* first = nullptr;
  addrinfo** last = &first;
  for (const Answer& answer : found) {
    for (const Kind& kind : kinds) {
      *last = new_entry(answer, kind, port, flags);
      if (*last == nullptr) return EAI_MEMORY;
      last = &(*last)->ai_next;
    }
  }
  if ((flags & AI_CANONNAME) != 0) first->ai_canonname = copy_text(host);
  *result = first;
  return 0;
}

/// Copies a text to where there is room for `size` bytes.
int put(std::string_view text, char* to, socklen_t size) {
  if (to == nullptr || size == 0) return 0;
  if (text.size() >= size) return EAI_OVERFLOW;
  memcpy(to, text.data(), text.size());
  to[text.size()] = '\0';
  return 0;
}

int name_of(const sockaddr* address, socklen_t length, char* host, socklen_t host_size,
            char* service, socklen_t service_size, int flags) {
  if (address == nullptr || length < sizeof(sa_family_t)) return EAI_FAMILY;
  std::string name;
  std::uint16_t port = 0;
  char text[INET6_ADDRSTRLEN] = {};
  bool loopback = false;
  if (address->sa_family == AF_INET && length >= sizeof(sockaddr_in)) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(address);
    name = inet_ntop(AF_INET, &v4->sin_addr, text, sizeof text);
    port = ntohs(v4->sin_port);
    loopback = ntohl(v4->sin_addr.s_addr) == INADDR_LOOPBACK;
  } else if (address->sa_family == AF_INET6 && length >= sizeof(sockaddr_in6)) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(address);
    name = inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof text);
    port = ntohs(v6->sin6_port);
    loopback = IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr) != 0;
  } else if (address->sa_family == AF_UNIX) {
    name = "localhost";
  } else {
    return EAI_FAMILY;
  }
  if ((flags & NI_NUMERICHOST) == 0) {
    if (loopback) name = "localhost";
    if (!loopback && (flags & NI_NAMEREQD) != 0) return EAI_NONAME;
  }
  std::string port_name;
  append_number(port_name, port);
  if ((flags & NI_NUMERICSERV) == 0) {
    for (const Service& known : kServices) {
      if (known.port == port) port_name = known.name;
    }
  }
  const int result = put(name, host, host_size);
  return result != 0 ? result : put(port_name, service, service_size);
}

}  // namespace
}  // namespace trama::runtime

using namespace trama::runtime;

TRAMA_EXPORT int getaddrinfo(const char* host, const char* service, const addrinfo* hints,
                             addrinfo** result) {
  if (!g_active) return TRAMA_REAL(getaddrinfo)(host, service, hints, result);
  const int error = look_up(host, service, hints, result);
  const bool numeric = hints != nullptr && (hints->ai_flags & AI_NUMERICHOST) != 0;
  if (error != EAI_NONAME || host == nullptr || numeric) return error;
  // Somebody outside might know the name.
  note_blind("getaddrinfo", TRAMA_PC);
  if (!engine().network_real) return error;
  need_fork("getaddrinfo");
  return TRAMA_REAL(getaddrinfo)(host, service, hints, result);
}

TRAMA_EXPORT int getnameinfo(const sockaddr* address, socklen_t length, char* host,
                             socklen_t host_size, char* service, socklen_t service_size,
                             int flags) {
  if (!g_active) {
    return TRAMA_REAL(getnameinfo)(address, length, host, host_size, service, service_size, flags);
  }
  return name_of(address, length, host, host_size, service, service_size, flags);
}
