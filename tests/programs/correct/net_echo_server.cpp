// A server of TCP with a thread a connection, and two clients: each reads back what it wrote.
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <string>
#include <thread>
#include <vector>

namespace {

int failures = 0;
int served = 0;  // written before the reply, read after it

void serve(int connection) {
  char bytes[64];
  for (;;) {
    const ssize_t got = recv(connection, bytes, sizeof bytes, 0);
    if (got <= 0) break;
    for (ssize_t sent = 0; sent < got;) {
      const ssize_t now = send(connection, bytes + sent, static_cast<std::size_t>(got - sent), 0);
      if (now <= 0) break;
      sent += now;
    }
  }
  close(connection);
}

std::string ask(const char* port, const std::string& text) {
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo("localhost", port, &hints, &found) != 0) return "no address";
  const int client = socket(found->ai_family, found->ai_socktype, found->ai_protocol);
  const int on = 1;
  setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const int connected = connect(client, found->ai_addr, found->ai_addrlen);
  freeaddrinfo(found);
  if (connected != 0) return "not connected";
  sockaddr_in peer{};
  socklen_t size = sizeof peer;
  if (getpeername(client, reinterpret_cast<sockaddr*>(&peer), &size) != 0 ||
      peer.sin_port != htons(static_cast<uint16_t>(std::stoi(port)))) {
    return "wrong peer";
  }
  if (write(client, text.data(), text.size()) != static_cast<ssize_t>(text.size())) return "short";
  shutdown(client, SHUT_WR);
  std::string reply;
  char bytes[16];
  for (;;) {
    const ssize_t got = read(client, bytes, sizeof bytes);
    if (got <= 0) break;
    reply.append(bytes, static_cast<std::size_t>(got));
  }
  close(client);
  return reply;
}

}  // namespace

int main() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener, reinterpret_cast<sockaddr*>(&here), sizeof here) != 0) return 1;
  if (listen(listener, 4) != 0) return 2;
  socklen_t size = sizeof here;
  getsockname(listener, reinterpret_cast<sockaddr*>(&here), &size);
  const std::string port = std::to_string(ntohs(here.sin_port));
  std::thread server([&] {
    std::vector<std::thread> workers;
    for (int i = 0; i < 2; ++i) {
      sockaddr_in peer{};
      socklen_t length = sizeof peer;
      const int connection = accept(listener, reinterpret_cast<sockaddr*>(&peer), &length);
      if (connection < 0 || peer.sin_addr.s_addr != htonl(INADDR_LOOPBACK)) ++failures;
      ++served;
      workers.emplace_back(serve, connection);
    }
    for (std::thread& worker : workers) worker.join();
  });
  std::string replies[2];
  std::thread first([&] { replies[0] = ask(port.c_str(), "hello"); });
  std::thread second([&] { replies[1] = ask(port.c_str(), "world, again and again"); });
  first.join();
  second.join();
  server.join();
  close(listener);
  return failures == 0 && served == 2 && replies[0] == "hello" &&
                 replies[1] == "world, again and again"
             ? 0
             : 3;
}

// Expected: nothing
