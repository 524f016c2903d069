// Closing a listener wakes nobody who waits in accept: that takes a shutdown, or a connection.
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
  std::thread server([&] {
    while (accept(listener, nullptr, nullptr) >= 0) {  // @accept
    }
  });
  close(listener);  // in the hope that accept fails
  server.join();
  return 0;
}

// Expected: DEADLOCK
//   report: @accept
//   report: waits for a connection to 0.0.0.0:8080
