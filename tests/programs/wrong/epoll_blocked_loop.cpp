// The loop's thread waits for an answer by a blocking read, while another client's request lies
// there.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <thread>

using namespace std::chrono_literals;

int main() {
  int answer[2];
  if (pipe(answer) != 0) return 2;
  const int loop = epoll_create1(0);
  int requests[2];
  for (int& request : requests) {
    request = eventfd(0, EFD_NONBLOCK);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = request;
    epoll_ctl(loop, EPOLL_CTL_ADD, request, &event);
  }
  std::thread clients([&] {
    eventfd_write(requests[0], 1);
    std::this_thread::sleep_for(300ms);
    eventfd_write(requests[1], 1);
    std::this_thread::sleep_for(2s);
    (void)!write(answer[1], "x", 1);
  });
  for (int served = 0; served < 2; ++served) {
    epoll_event event;
    epoll_wait(loop, &event, 1, -1);
    eventfd_t count;
    eventfd_read(event.data.fd, &count);
    char byte;
    if (event.data.fd == requests[0]) (void)!read(answer[0], &byte, 1);  // @read
  }
  clients.join();
}

// Expected: BLOCKED-LOOP
//   report: @read
//   report: ▸wakes from T1 pipe1
//   except clang.*O2: BLOCKED-LOOP or nothing
// By clang at -O2 the loop is not seen to come back to its place.
