// SO_RCVTIMEO ends a wait in virtual time: an hour passes at once, as nobody will send.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>

int main() {
  const int lonely = socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(9000);
  if (bind(lonely, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) return 1;
  timeval hour{};
  hour.tv_sec = 3600;
  if (setsockopt(lonely, SOL_SOCKET, SO_RCVTIMEO, &hour, sizeof hour) != 0) return 2;
  const auto start = std::chrono::steady_clock::now();
  char byte = 0;
  if (recv(lonely, &byte, 1, 0) != -1 || errno != EAGAIN) return 3;
  if (std::chrono::steady_clock::now() - start < std::chrono::hours(1)) return 4;
  // accept too.
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &hour, sizeof hour);
  listen(listener, 1);
  if (accept(listener, nullptr, nullptr) != -1 || errno != EAGAIN) return 5;
  timeval left{};
  socklen_t size = sizeof left;
  getsockopt(lonely, SOL_SOCKET, SO_RCVTIMEO, &left, &size);
  return left.tv_sec == 3600 ? 0 : 6;
}

// Expected: nothing
