// Whatever the network does less than it was asked to: who counts bytes and looks at errors is
// right. The client does not wait in calls: an edge-triggered epoll set tells it when.
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <thread>

namespace {

constexpr std::size_t kSize = 40;

// Sends all; false when the connection is gone.
bool send_all(int set, int to, const std::string& text) {
  std::size_t sent = 0;
  while (sent < text.size()) {
    const ssize_t now = send(to, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (now >= 0) {
      sent += static_cast<std::size_t>(now);
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return false;
    epoll_event event{};
    epoll_wait(set, &event, 1, -1);
  }
  return true;
}

}  // namespace

int main() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(8080);
  if (bind(listener, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) return 1;
  if (listen(listener, 1) != 0) return 2;
  std::string heard;
  bool broken = false;
  std::thread server([&] {
    int connection = -1;
    do connection = accept(listener, nullptr, nullptr);
    while (connection < 0 && errno == EINTR);
    if (connection < 0) return;
    char bytes[64];
    for (;;) {
      const ssize_t got = read(connection, bytes, sizeof bytes);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) broken = true;
      if (got <= 0) break;
      heard.append(bytes, static_cast<std::size_t>(got));
    }
    close(connection);
  });
  const int client = socket(AF_INET, SOCK_STREAM, 0);
  const int set = epoll_create1(0);
  epoll_event wanted{};
  wanted.events = EPOLLIN | EPOLLOUT | EPOLLET;
  epoll_ctl(set, EPOLL_CTL_ADD, client, &wanted);
  bool sent = false;
  int connected = -1;
  do connected = connect(client, reinterpret_cast<sockaddr*>(&at), sizeof at);
  while (connected != 0 && errno == EINTR);
  if (connected != 0) {
    shutdown(listener, SHUT_RDWR);  // nobody will come
    broken = errno == ECONNREFUSED;
    server.join();
    return broken ? 0 : 3;
  }
  fcntl(client, F_SETFL, O_NONBLOCK);
  sent = send_all(set, client, std::string(kSize, 'x'));
  close(client);
  server.join();
  if (!sent || broken) return 0;
  return heard == std::string(kSize, 'x') ? 0 : 4;
}

// Expected: nothing
//   options: --io-faults 3
