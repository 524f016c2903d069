// Rounds of waiting that look alike, many of them, and end all the same: by a count, by the time,
// by a thread that comes late.
#include <poll.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <thread>

namespace {

constexpr int kRounds = 150;

int poll_some_times(int descriptor) {
  pollfd one{descriptor, POLLIN, 0};
  for (int i = 0; i < kRounds; ++i) {
    if (poll(&one, 1, 1000) != 0) return 1;
  }
  return 0;
}

int poll_for_some_time(int descriptor) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(3);
  pollfd one{descriptor, POLLIN, 0};
  while (std::chrono::steady_clock::now() < end) {
    if (poll(&one, 1, 1000) != 0) return 2;
  }
  return 0;
}

// The count is a descriptor's own.
int count_ticks() {
  const int set = epoll_create1(0);
  const int timer = timerfd_create(CLOCK_MONOTONIC, 0);
  const itimerspec every{{1, 0}, {1, 0}};
  timerfd_settime(timer, 0, &every, nullptr);
  epoll_event event{};
  event.events = EPOLLIN | EPOLLET;
  epoll_ctl(set, EPOLL_CTL_ADD, timer, &event);
  for (int i = 0; i < kRounds; ++i) {
    if (epoll_wait(set, &event, 1, -1) != 1) return 3;
  }
  std::uint64_t count = 0;
  if (read(timer, &count, sizeof count) != sizeof count) return 4;
  return count == kRounds ? 0 : 5;
}

}  // namespace

int main() {
  int ends[2];
  if (pipe(ends) != 0) return 6;
  if (const int wrong = poll_some_times(ends[0]); wrong != 0) return wrong;
  if (const int wrong = poll_for_some_time(ends[0]); wrong != 0) return wrong;
  if (const int wrong = count_ticks(); wrong != 0) return wrong;
  std::thread late([&] {
    std::this_thread::sleep_for(std::chrono::minutes(10));
    if (write(ends[1], "x", 1) != 1) _exit(7);
  });
  pollfd one{ends[0], POLLIN, 0};
  while (poll(&one, 1, 1000) == 0) {
  }
  late.join();
  return 0;
}

// Expected: nothing
