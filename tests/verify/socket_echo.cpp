// A server and a client on the network of the execution.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cassert>
#include <thread>

int main() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(8080);
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) return 1;
  if (listen(listener, 1) != 0) return 2;
  std::thread server([listener] {
    const int peer = accept(listener, nullptr, nullptr);
    char byte = 0;
    if (recv(peer, &byte, 1, 0) != 1) _exit(3);
    ++byte;
    if (send(peer, &byte, 1, 0) != 1) _exit(4);
    close(peer);
  });
  const int client = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(client, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) return 5;
  char byte = 1;
  if (send(client, &byte, 1, 0) != 1 || recv(client, &byte, 1, 0) != 1) return 6;
  assert(byte == 2);
  server.join();
  close(client);
  close(listener);
}
// Verify rc11: verified
