// An event loop by hand: whichever of two counters is raised, edge-triggered; both are taken.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cassert>
#include <thread>

int main() {
  const int set = epoll_create1(0);
  const int counters[2] = {eventfd(0, EFD_NONBLOCK), eventfd(0, EFD_NONBLOCK)};
  for (const int counter : counters) {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLET;
    event.data.fd = counter;
    if (epoll_ctl(set, EPOLL_CTL_ADD, counter, &event) != 0) return 1;
  }
  std::thread left([&] { eventfd_write(counters[0], 1); });
  std::thread right([&] { eventfd_write(counters[1], 1); });
  eventfd_t sum = 0;
  while (sum < 2) {
    epoll_event events[2];
    const int count = epoll_wait(set, events, 2, -1);
    for (int i = 0; i < count; ++i) {
      eventfd_t got = 0;
      if (eventfd_read(events[i].data.fd, &got) == 0) sum += got;
    }
  }
  left.join();
  right.join();
  assert(sum == 2);
}
// Verify rc11: verified
