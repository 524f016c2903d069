// The flag that ends an event loop is set, but the loop sleeps in epoll_wait and is not woken.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <thread>

std::atomic<bool> stop{false};

int main() {
  const int set = epoll_create1(0);
  const int wake = eventfd(0, EFD_NONBLOCK);
  epoll_event event{};
  event.events = EPOLLIN;
  epoll_ctl(set, EPOLL_CTL_ADD, wake, &event);
  std::thread loop([&] {
    while (!stop) {
      epoll_event ready;
      epoll_wait(set, &ready, 1, -1);  // @wait
    }
  });
  stop = true;
  loop.join();
  close(wake);
  close(set);
  return 0;
}

// Expected: DEADLOCK
//   report: @wait
