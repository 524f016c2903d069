// Names have fixed answers: numbers, localhost, this machine; all others are unknown.
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <string>

namespace {

std::string first_of(const char* host, const char* service, int family, int flags = 0) {
  addrinfo hints{};
  hints.ai_family = family;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host, service, &hints, &found);
  if (error != 0) return std::to_string(error);
  char name[64];
  char port[16];
  getnameinfo(found->ai_addr, found->ai_addrlen, name, sizeof name, port, sizeof port,
              NI_NUMERICHOST | NI_NUMERICSERV);
  freeaddrinfo(found);
  return std::string(name) + ' ' + port;
}

}  // namespace

int main() {
  if (first_of("localhost", "http", AF_INET) != "127.0.0.1 80") return 1;
  if (first_of("localhost", "443", AF_INET6) != "::1 443") return 2;
  if (first_of("10.0.0.1", "9", AF_UNSPEC, AI_NUMERICHOST) != "10.0.0.1 9") return 3;
  if (first_of(nullptr, "7", AF_INET, AI_PASSIVE) != "0.0.0.0 7") return 4;
  if (first_of("::1", "7", AF_INET) != std::to_string(EAI_ADDRFAMILY)) return 5;
  if (first_of("localhost", "no-such-service", AF_INET) != std::to_string(EAI_SERVICE)) return 6;
  char own[256];
  gethostname(own, sizeof own);
  if (first_of(own, "1", AF_INET) != "127.0.0.1 1") return 7;
  if (first_of("nowhere", "1", AF_INET, AI_NUMERICHOST) != std::to_string(EAI_NONAME)) return 8;
  return std::strlen(gai_strerror(EAI_NONAME)) > 3 ? 0 : 9;
}

// Expected: nothing
