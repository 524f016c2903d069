// Sleeps that block no event loop: shorter than the limit, or with nothing due, or after the loop.
#include <sys/epoll.h>
#include <sys/timerfd.h>

#include <chrono>
#include <cstdint>
#include <thread>

using namespace std::chrono_literals;

int main() {
  const int loop = epoll_create1(0);
  const int timer = timerfd_create(CLOCK_MONOTONIC, 0);
  epoll_event event{};
  event.events = EPOLLIN | EPOLLET;
  epoll_ctl(loop, EPOLL_CTL_ADD, timer, &event);
  const auto set = [timer](std::chrono::milliseconds time) {
    itimerspec value{};
    value.it_value.tv_sec = time / 1s;
    value.it_value.tv_nsec = time % 1s / 1ns;
    timerfd_settime(timer, 0, &value, nullptr);
  };
  set(100ms);
  for (int i = 0; i < 3; ++i) {
    epoll_wait(loop, &event, 1, -1);
    if (i == 0) set(200ms);
    std::this_thread::sleep_for(i == 0 ? 900ms : 4s);
    if (i != 0) set(100ms);
  }
  std::this_thread::sleep_for(1h);
  epoll_wait(loop, &event, 1, 0);
}

// Expected: nothing
