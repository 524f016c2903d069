// The server goes on sending to a client that has left: the second write is SIGPIPE.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

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
    char line[3];
    recv(own, line, sizeof line, MSG_WAITALL);
    close(own);
  });
  const int connection = accept(listener, nullptr, nullptr);
  for (int i = 0; i < 3; ++i) {
    if (write(connection, "tick\n", 3) < 0) break;  // @write
  }
  client.join();
  close(connection);
  return 0;
}

// Expected: EXIT
//   report: SIGPIPE
//   report: @write
