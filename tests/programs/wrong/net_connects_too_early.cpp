// The client does not wait until the server listens.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cassert>
#include <thread>

int main() {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(8080);
  std::thread server([&] {
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    bind(listener, reinterpret_cast<sockaddr*>(&at), sizeof at);
    listen(listener, 1);
    close(accept(listener, nullptr, nullptr));
  });
  const int client = socket(AF_INET, SOCK_STREAM, 0);
  const int result = connect(client, reinterpret_cast<sockaddr*>(&at), sizeof at);
  assert(result == 0);  // @refused
  server.join();
  return 0;
}

// Expected: ASSERT
//   report: @refused
