// A timer that is a descriptor: waiting for it, reading how often it came, setting it anew.
#include <errno.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <cassert>
#include <chrono>
#include <cstdint>
#include <thread>

namespace {

constexpr long kMs = 1000000;

long now_ms(clockid_t clock) {
  timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec * 1000 + now.tv_nsec / kMs;
}

long read_count(int timer) {
  std::uint64_t count = 0;
  return read(timer, &count, sizeof count) == sizeof count ? static_cast<long>(count) : -1;
}

void set(int timer, long first_ns, long interval_ns) {
  const itimerspec value = {{0, interval_ns}, {0, first_ns}};
  assert(timerfd_settime(timer, 0, &value, nullptr) == 0);
}

void periodic() {
  const int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  set(timer, 10 * kMs, 10 * kMs);
  assert(read_count(timer) == -1 && errno == EAGAIN);
  const int loop = epoll_create1(0);
  epoll_event event{};
  event.events = EPOLLIN;
  assert(epoll_ctl(loop, EPOLL_CTL_ADD, timer, &event) == 0);
  const long start = now_ms(CLOCK_MONOTONIC);
  assert(epoll_wait(loop, &event, 1, -1) == 1);
  assert(now_ms(CLOCK_MONOTONIC) == start + 10);
  assert(read_count(timer) == 1);
  std::this_thread::sleep_for(std::chrono::milliseconds(35));
  assert(read_count(timer) == 3);
  itimerspec left;
  assert(timerfd_gettime(timer, &left) == 0);
  assert(left.it_value.tv_nsec == 5 * kMs && left.it_interval.tv_nsec == 10 * kMs);
  assert(epoll_wait(loop, &event, 1, 2) == 0);
  set(timer, 0, 0);
  assert(timerfd_gettime(timer, &left) == 0 && left.it_value.tv_nsec == 0);
  assert(epoll_wait(loop, &event, 1, 50) == 0);
  close(timer);
  close(loop);
}

void absolute() {
  const int timer = timerfd_create(CLOCK_REALTIME, 0);
  itimerspec value{};
  clock_gettime(CLOCK_REALTIME, &value.it_value);
  const long start = now_ms(CLOCK_REALTIME);
  value.it_value.tv_sec += 2;
  assert(timerfd_settime(timer, TFD_TIMER_ABSTIME, &value, nullptr) == 0);
  assert(read_count(timer) == 1);
  assert(now_ms(CLOCK_REALTIME) == start + 2000);
  std::uint64_t one = 1;
  assert(write(timer, &one, sizeof one) == -1 && errno == EINVAL);
  // Set by another thread while this one waits for it.
  set(timer, 900 * kMs, 0);
  std::thread other([timer] { set(timer, kMs, 0); });
  assert(read_count(timer) == 1);
  assert(now_ms(CLOCK_REALTIME) <= start + 2901);
  other.join();
  close(timer);
}

}  // namespace

int main() {
  periodic();
  absolute();
}

// Expected: nothing
