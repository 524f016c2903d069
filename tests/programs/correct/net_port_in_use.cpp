// A port is taken while somebody listens there, and only within the execution.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace {

int try_bind(int port, uint32_t ip, bool reuse = false, int type = SOCK_STREAM) {
  const int made = socket(AF_INET, type, 0);
  const int on = reuse ? 1 : 0;
  setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(static_cast<uint16_t>(port));
  at.sin_addr.s_addr = htonl(ip);
  if (bind(made, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0) return made;
  const int error = errno;
  close(made);
  return -error;
}

int port_of(int descriptor) {
  sockaddr_in at{};
  socklen_t size = sizeof at;
  getsockname(descriptor, reinterpret_cast<sockaddr*>(&at), &size);
  return ntohs(at.sin_port);
}

}  // namespace

int main() {
  const int first = try_bind(80, INADDR_ANY);
  if (first < 0 || listen(first, 5) != 0) return 1;
  if (try_bind(80, INADDR_LOOPBACK) != -EADDRINUSE) return 2;
  if (try_bind(80, INADDR_ANY, true) != -EADDRINUSE) return 3;
  if (try_bind(80, INADDR_ANY, false, SOCK_DGRAM) < 0) return 4;  // another protocol
  if (try_bind(81, 0x08080808) != -EADDRNOTAVAIL) return 5;
  close(first);
  if (try_bind(80, INADDR_LOOPBACK) < 0) return 6;
  const int a = try_bind(0, INADDR_ANY);
  const int b = try_bind(0, INADDR_ANY);
  if (port_of(a) == 0 || port_of(a) == port_of(b)) return 7;
  int error = 1;
  socklen_t size = sizeof error;
  listen(a, 0);
  getsockopt(a, SOL_SOCKET, SO_ACCEPTCONN, &error, &size);
  return error == 1 ? 0 : 8;
}

// Expected: nothing
