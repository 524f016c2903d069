// Two timers are due at the same moment, and the program expects them in the order in which it
// set them.
#include <sys/epoll.h>
#include <sys/timerfd.h>

#include <cassert>

int main() {
  const int loop = epoll_create1(0);
  int timers[2];
  for (int& timer : timers) {
    timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    epoll_event event{};
    event.events = EPOLLIN | EPOLLET;
    event.data.fd = timer;
    epoll_ctl(loop, EPOLL_CTL_ADD, timer, &event);
    itimerspec value{};
    value.it_value.tv_nsec = 5000000;
    timerfd_settime(timer, 0, &value, nullptr);
  }
  epoll_event events[2];
  epoll_wait(loop, events, 2, -1);
  assert(events[0].data.fd == timers[0]);  // @order
}

// Expected: ASSERT
//   report: @order
