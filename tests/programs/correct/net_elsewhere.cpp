// What is outside the program is not reached, and named.
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

int main() {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(80);
  inet_pton(AF_INET, "192.0.2.1", &at.sin_addr);
  const int client = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(client, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0) return 1;
  if (errno != ENETUNREACH) return 2;
  const int talker = socket(AF_INET, SOCK_DGRAM, 0);
  if (sendto(talker, "x", 1, 0, reinterpret_cast<sockaddr*>(&at), sizeof at) != -1) return 3;
  addrinfo* found = nullptr;
  return getaddrinfo("example.invalid", "80", nullptr, &found) == EAI_NONAME ? 0 : 4;
}

// Expected: nothing
//   blind: connect getaddrinfo sendto
