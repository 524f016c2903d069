// connect without waiting: EINPROGRESS, then poll, then SO_ERROR tells what came of it.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

namespace {

sockaddr_in at(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// 0, or the error.
int connect_to(int client, int port) {
  const sockaddr_in to = at(port);
  if (connect(client, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  pollfd one = {client, POLLOUT, 0};
  if (poll(&one, 1, 1000) != 1) return ETIMEDOUT;
  int error = -1;
  socklen_t size = sizeof error;
  getsockopt(client, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

}  // namespace

int main() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const sockaddr_in here = at(7000);
  if (bind(listener, reinterpret_cast<const sockaddr*>(&here), sizeof here) != 0) return 1;
  if (listen(listener, SOMAXCONN) != 0) return 2;
  std::thread other([] {
    const int client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    // Registered before there is a connection, as Asio does it.
    const int set = epoll_create1(0);
    epoll_event wanted{};
    wanted.events = EPOLLIN | EPOLLET;
    epoll_ctl(set, EPOLL_CTL_ADD, client, &wanted);
    if (connect_to(client, 7000) == 0) {
      write(client, "1234", 4);
      epoll_event event{};
      char byte = 0;
      while (read(client, &byte, 1) < 0 && errno == EAGAIN) epoll_wait(set, &event, 1, -1);
    }
    close(set);
    close(client);
  });
  pollfd one = {listener, POLLIN, 0};
  int connection = -1;
  while ((connection = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC)) < 0) {
    if (errno != EAGAIN) return 3;
    poll(&one, 1, -1);
  }
  one.fd = connection;
  poll(&one, 1, -1);
  int bytes = 0;
  ioctl(connection, FIONREAD, &bytes);
  const bool right = bytes == 4;
  write(connection, "!", 1);
  other.join();
  close(connection);

  const int refused = socket(AF_INET, SOCK_STREAM, 0);
  fcntl(refused, F_SETFL, O_NONBLOCK);
  if (connect_to(refused, 7001) != ECONNREFUSED) return 4;
  // The same socket may try again: Linux says once more that there was an attempt.
  if (connect_to(refused, 7000) != ECONNABORTED || connect_to(refused, 7000) != 0) return 5;
  const int waits = socket(AF_INET, SOCK_STREAM, 0);
  if (connect_to(waits, 7001) != ECONNREFUSED || connect_to(waits, 7000) != 0) return 6;
  return right ? 0 : 7;
}

// Expected: nothing
