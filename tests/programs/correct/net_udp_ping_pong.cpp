// Two sockets of UDP, IPv6 and IPv4: what is sent is told with its sender, and orders memory.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>

namespace {

int rounds = 0;  // only whose turn it is touches it

sockaddr_in6 bound(int descriptor) {
  sockaddr_in6 at{};
  at.sin6_family = AF_INET6;
  at.sin6_addr = in6addr_loopback;
  if (bind(descriptor, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) return {};
  socklen_t size = sizeof at;
  getsockname(descriptor, reinterpret_cast<sockaddr*>(&at), &size);
  return at;
}

}  // namespace

int main() {
  const int ping = socket(AF_INET6, SOCK_DGRAM, 0);
  const int pong = socket(AF_INET6, SOCK_DGRAM, 0);
  bound(ping);
  sockaddr_in6 to = bound(pong);
  if (to.sin6_port == 0) return 1;
  std::thread other([&] {
    for (int i = 0; i < 3; ++i) {
      char text[16];
      sockaddr_in6 from{};
      socklen_t size = sizeof from;
      const ssize_t got =
          recvfrom(pong, text, sizeof text, 0, reinterpret_cast<sockaddr*>(&from), &size);
      ++rounds;
      sendto(pong, text, static_cast<std::size_t>(got), 0, reinterpret_cast<sockaddr*>(&from),
             size);
    }
  });
  bool right = true;
  for (int i = 0; i < 3; ++i) {
    char text[16] = {};
    ++rounds;
    sendto(ping, "ping", 4, 0, reinterpret_cast<sockaddr*>(&to), sizeof to);
    right = recv(ping, text, sizeof text, 0) == 4 && std::strcmp(text, "ping") == 0 && right;
  }
  other.join();

  // A datagram is cut to what is asked for; the rest is gone.
  const int old = socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_port = htons(5000);
  here.sin_addr.s_addr = htonl(INADDR_ANY);
  if (bind(old, reinterpret_cast<sockaddr*>(&here), sizeof here) != 0) return 2;
  const int client = socket(AF_INET, SOCK_DGRAM, 0);
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(client, reinterpret_cast<sockaddr*>(&here), sizeof here) != 0) return 3;
  send(client, "longer", 6, 0);
  send(client, "next", 4, 0);
  char few[3];
  right = recv(old, few, 3, 0) == 3 && recv(old, few, 3, MSG_TRUNC) == 4 && right;
  right = recv(old, few, 3, MSG_DONTWAIT) == -1 && errno == EAGAIN && right;
  // Nobody there: a connected sender hears of it by its next call.
  close(old);
  send(client, "?", 1, 0);
  right = send(client, "?", 1, 0) == -1 && errno == ECONNREFUSED && right;
  return right && rounds == 6 ? 0 : 4;
}

// Expected: nothing
