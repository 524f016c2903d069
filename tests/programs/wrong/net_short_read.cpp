// A number of four bytes need not come in one piece.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cassert>
#include <cstdint>
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
    if (connect(own, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) _exit(0);
    const std::uint32_t size = htonl(70000);
    if (write(own, &size, sizeof size) != sizeof size) _exit(0);
    close(own);
  });
  const int connection = accept(listener, nullptr, nullptr);
  std::uint32_t size = 0;
  if (read(connection, &size, sizeof size) <= 0) _exit(0);
  assert(ntohl(size) == 70000);  // @size
  client.join();
  return 0;
}

// Expected: ASSERT
//   options: --io-faults 1
//   report: @size
//   report: of 4 bytes (injected)
