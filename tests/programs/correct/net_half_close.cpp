// How connections end: half-closed, closed, closed with bytes unread.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <thread>

namespace {

struct Pair {
  int client;
  int server;
};

Pair connected() {
  const int listener = socket(AF_INET6, SOCK_STREAM, 0);
  sockaddr_in6 at{};
  at.sin6_family = AF_INET6;
  listen(listener, 1);
  socklen_t size = sizeof at;
  getsockname(listener, reinterpret_cast<sockaddr*>(&at), &size);
  const int client = socket(AF_INET6, SOCK_STREAM, 0);
  connect(client, reinterpret_cast<sockaddr*>(&at), size);
  const int server = accept(listener, nullptr, nullptr);
  close(listener);
  return {client, server};
}

int events_of(int descriptor) {
  pollfd one = {descriptor, POLLIN | POLLOUT, 0};
  return poll(&one, 1, 0) == 1 ? one.revents : 0;
}

}  // namespace

int main() {
  signal(SIGPIPE, SIG_IGN);
  char byte = 0;
  Pair pair = connected();
  std::thread other([&] {
    write(pair.client, "ab", 2);
    shutdown(pair.client, SHUT_WR);
  });
  // The end of the stream comes after its bytes, and the other direction goes on.
  int got = 0;
  while (read(pair.server, &byte, 1) == 1) ++got;
  other.join();
  if (got != 2 || write(pair.server, "c", 1) != 1 || read(pair.client, &byte, 1) != 1) return 1;
  close(pair.server);
  if (read(pair.client, &byte, 1) != 0) return 2;
  close(pair.client);

  // Closed by the other: an end of stream, no hang-up; the first write is sent into the blue.
  pair = connected();
  close(pair.server);
  if (events_of(pair.client) != (POLLIN | POLLOUT)) return 3;
  if (read(pair.client, &byte, 1) != 0) return 4;
  if (write(pair.client, "x", 1) != 1) return 5;
  if (send(pair.client, "x", 1, MSG_NOSIGNAL) != -1 || errno != EPIPE) return 6;
  close(pair.client);

  // Closed with bytes that nobody read: a reset.
  pair = connected();
  write(pair.client, "unread", 6);
  close(pair.server);
  if (read(pair.client, &byte, 1) != -1 || errno != ECONNRESET) return 7;
  if (read(pair.client, &byte, 1) != 0) return 8;
  if (write(pair.client, "x", 1) != -1 || errno != EPIPE) return 9;
  close(pair.client);

  pair = connected();
  const linger at_once = {1, 0};
  setsockopt(pair.server, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close(pair.server);
  if (read(pair.client, &byte, 1) != -1 || errno != ECONNRESET) return 10;
  return 0;
}

// Expected: nothing
