// Calls that wait are broken off (EINTR) with nothing done: who tries again is right. A connect that
// is broken off goes on being made, and the next call tells of it.
#include <netinet/in.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <thread>

namespace {

template <typename Call>
auto again(Call call) {
  auto result = call();
  while (result == -1 && errno == EINTR) result = call();
  return result;
}

constexpr std::size_t kSize = 100'000;  // more than a pipe takes at once

bool write_all(int to, const std::string& text) {
  std::size_t sent = 0;
  while (sent < text.size()) {
    const ssize_t now = again([&] { return write(to, text.data() + sent, text.size() - sent); });
    if (now <= 0) return false;
    sent += static_cast<std::size_t>(now);
  }
  return true;
}

std::size_t read_all(int from) {
  char bytes[4096];
  std::size_t sum = 0;
  for (;;) {
    const ssize_t got = again([&] { return read(from, bytes, sizeof bytes); });
    if (got <= 0) return sum;
    sum += static_cast<std::size_t>(got);
  }
}

int serve(int listener) {
  pollfd one{listener, POLLIN, 0};
  if (again([&] { return poll(&one, 1, -1); }) != 1) return 1;
  const int connection = again([&] { return accept(listener, nullptr, nullptr); });
  if (connection < 0) return 2;
  const std::size_t heard = read_all(connection);
  close(connection);
  return heard == 5 ? 0 : 3;
}

}  // namespace

int main() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(8080);
  if (bind(listener, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) return 4;
  if (listen(listener, 1) != 0) return 5;
  int served = -1;
  std::thread server([&] { served = serve(listener); });
  int ends[2];
  if (pipe(ends) != 0) return 6;
  std::thread writer([&] {
    write_all(ends[1], std::string(kSize, 'x'));
    close(ends[1]);
  });

  const int client = socket(AF_INET, SOCK_STREAM, 0);
  const auto to = reinterpret_cast<sockaddr*>(&at);
  if (again([&] { return connect(client, to, sizeof at); }) != 0) return 7;
  if (!write_all(client, "hello")) return 8;
  close(client);

  const int set = epoll_create1(0);
  epoll_event wanted{};
  wanted.events = EPOLLIN;
  epoll_ctl(set, EPOLL_CTL_ADD, ends[0], &wanted);
  if (again([&] { return epoll_wait(set, &wanted, 1, -1); }) != 1) return 9;
  const std::size_t piped = read_all(ends[0]);
  server.join();
  writer.join();
  if (served != 0) return served;
  return piped == kSize ? 0 : 10;
}

// Expected: nothing
//   options: --io-faults=4,eintr
