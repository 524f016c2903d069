// Asks somebody outside, at the port of the loopback that it is given; 0 when it is answered
// "hello", 3 when nobody is there.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

int main(int, char** arguments) {
  const int client = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(static_cast<unsigned short>(std::atoi(arguments[1])));
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(client, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) {
    return errno == ECONNREFUSED ? 3 : 4;
  }
  char reply[5];
  std::size_t got = 0;
  while (got < sizeof reply) {
    const ssize_t now = read(client, reply + got, sizeof reply - got);
    if (now <= 0) return 5;
    got += static_cast<std::size_t>(now);
  }
  close(client);
  return std::memcmp(reply, "hello", 5) == 0 ? 0 : 6;
}
