// TCP has no messages: two that are sent quickly come as one.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cassert>
#include <cstring>
#include <thread>

int main() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(8080);
  if (bind(listener, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) return 1;
  if (listen(listener, 1) != 0) return 2;
  std::thread client([&] {
    const int own = socket(AF_INET, SOCK_STREAM, 0);
    connect(own, reinterpret_cast<sockaddr*>(&at), sizeof at);
    send(own, "login", 5, 0);
    send(own, "quit", 4, 0);
    close(own);
  });
  const int connection = accept(listener, nullptr, nullptr);
  char message[16] = {};
  const ssize_t got = recv(connection, message, sizeof message - 1, 0);
  assert(got == 5 && std::strcmp(message, "login") == 0);  // @message
  client.join();
  return 0;
}

// Expected: ASSERT
//   report: @message
