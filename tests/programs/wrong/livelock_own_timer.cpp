// A loop that takes the ticks of its timer, and waits for a flag that nobody sets.
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <cstdint>

int main() {
  const bool stop = false;
  const int set = epoll_create1(0);
  const int timer = timerfd_create(CLOCK_MONOTONIC, 0);
  const itimerspec every{{1, 0}, {1, 0}};
  timerfd_settime(timer, 0, &every, nullptr);
  epoll_event event{};
  event.events = EPOLLIN;
  epoll_ctl(set, EPOLL_CTL_ADD, timer, &event);
  while (!stop) {
    std::uint64_t count = 0;
    if (epoll_wait(set, &event, 1, -1) != 1) return 1;  // @wait
    if (read(timer, &count, sizeof count) != sizeof count) return 2;
  }
  return 0;
}

// Expected: LIVELOCK
//   report: @wait
