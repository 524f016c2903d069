// Two pipes of two threads, edge-triggered: that the first one's event comes first, or that both
// come at once, is promised by nobody.
#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <thread>

int main() {
  int first[2];
  int second[2];
  if (pipe2(first, O_NONBLOCK) != 0 || pipe2(second, O_NONBLOCK) != 0) return 2;
  const int loop = epoll_create1(0);
  for (const int end : {first[0], second[0]}) {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLET;
    event.data.fd = end;
    epoll_ctl(loop, EPOLL_CTL_ADD, end, &event);
  }
  std::thread one([&] { (void)!write(first[1], "Hello, ", 7); });
  std::thread two([&] { (void)!write(second[1], "world", 5); });
  std::string text;
  while (text.size() < 12) {
    epoll_event events[4];
    const int count = epoll_wait(loop, events, 4, -1);
    for (int i = 0; i < count; ++i) {
      char bytes[16];
      ssize_t size;
      while ((size = read(events[i].data.fd, bytes, sizeof bytes)) > 0) {
        text.append(bytes, static_cast<std::size_t>(size));
      }
    }
  }
  one.join();
  two.join();
  return text == "Hello, world" ? 0 : 1;
}

// Expected: EXIT
