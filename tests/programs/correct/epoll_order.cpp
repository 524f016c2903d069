// What epoll owes a program: no event is lost, none is stale, and what a thread did in an order
// comes in that order.
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <atomic>
#include <cassert>
#include <cstdint>
#include <thread>

namespace {

int watch(int loop, int descriptor, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = descriptor;
  const int result = epoll_ctl(loop, EPOLL_CTL_ADD, descriptor, &event);
  assert(result == 0);
  return descriptor;
}

int add(int loop, std::uint32_t events) { return watch(loop, eventfd(0, EFD_NONBLOCK), events); }

void give(int descriptor) { eventfd_write(descriptor, 1); }

/// What one thread wrote into both is there at once, in this order.
void one_writer(std::uint32_t how) {
  const int loop = epoll_create1(0);
  const int a = add(loop, EPOLLIN | how);
  const int b = add(loop, EPOLLIN | how);
  std::thread writer([&] {
    give(a);
    give(b);
  });
  writer.join();
  epoll_event events[4];
  assert(epoll_wait(loop, events, 4, -1) == 2);
  assert(events[0].data.fd == a && events[1].data.fd == b);
}

/// Whoever sees the second has seen the first.
void ordered_writers() {
  const int loop = epoll_create1(0);
  const int a = add(loop, EPOLLIN | EPOLLET);
  const int b = add(loop, EPOLLIN | EPOLLET);
  std::atomic<bool> first = false;
  std::thread one([&] {
    give(a);
    first = true;
    first.notify_one();
  });
  std::thread two([&] {
    first.wait(false);
    give(b);
  });
  int seen = 0;
  while (seen < 2) {
    epoll_event events[4];
    const int count = epoll_wait(loop, events, 4, -1);
    assert(count > 0);
    for (int i = 0; i < count; ++i) assert(events[i].data.fd == (seen++ == 0 ? a : b));
  }
  one.join();
  two.join();
}

/// Each edge comes exactly once, whatever is held back meanwhile.
void unordered_writers(std::uint32_t how) {
  const int loop = epoll_create1(0);
  const int descriptors[] = {add(loop, EPOLLIN | how), add(loop, EPOLLIN | how),
                             add(loop, EPOLLIN | how)};
  std::thread writers[] = {std::thread([&] { give(descriptors[0]); }),
                           std::thread([&] { give(descriptors[1]); }),
                           std::thread([&] { give(descriptors[2]); })};
  int seen[3] = {};
  for (int total = 0; total < 3;) {
    epoll_event events[4];
    const int count = epoll_wait(loop, events, 4, -1);
    assert(count > 0);
    for (int i = 0; i < count; ++i, ++total) {
      for (int k = 0; k < 3; ++k) seen[k] += events[i].data.fd == descriptors[k] ? 1 : 0;
      eventfd_t value = 0;
      assert(eventfd_read(events[i].data.fd, &value) == 0 && value == 1);  // not stale
    }
  }
  assert(seen[0] == 1 && seen[1] == 1 && seen[2] == 1);
  epoll_event none;
  assert(epoll_wait(loop, &none, 1, 0) == 0);
  for (std::thread& writer : writers) writer.join();
  assert(epoll_wait(loop, &none, 1, 0) == 0);
}

/// Two timers of one moment come in either order, each once; one of a later moment after them.
void timers() {
  const int loop = epoll_create1(0);
  int descriptors[3];
  for (int i = 0; i < 3; ++i) {
    descriptors[i] = watch(loop, timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK), EPOLLIN | EPOLLET);
    itimerspec value{};
    value.it_value.tv_sec = i == 0 ? 2 : 1;
    timerfd_settime(descriptors[i], 0, &value, nullptr);
  }
  int total = 0;
  bool last_is_late = false;
  while (total < 3) {
    epoll_event events[4];
    const int count = epoll_wait(loop, events, 4, -1);
    assert(count > 0);
    for (int i = 0; i < count; ++i, ++total) last_is_late = events[i].data.fd == descriptors[0];
  }
  assert(total == 3 && last_is_late);
}

}  // namespace

int main() {
  one_writer(0);
  one_writer(EPOLLET);
  ordered_writers();
  unordered_writers(0);
  unordered_writers(EPOLLET);
  unordered_writers(EPOLLONESHOT);
  timers();
}

// Expected: nothing
