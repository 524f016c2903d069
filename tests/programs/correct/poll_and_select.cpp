// Waits for several descriptors, with and without a timeout, in virtual time.
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <thread>

int main() {
  int ends[2];
  const int event = eventfd(0, 0);
  if (pipe(ends) != 0 || event < 0) return 1;
  int value = 0;
  std::thread waker([&] {
    std::this_thread::sleep_for(std::chrono::seconds(2));
    value = 7;
    if (eventfd_write(event, 1) != 0) _exit(2);
  });
  pollfd both[2] = {{ends[0], POLLIN, 0}, {event, POLLIN, 0}};
  const auto start = std::chrono::steady_clock::now();
  if (poll(both, 2, 1000) != 0) return 3;
  if (std::chrono::steady_clock::now() - start < std::chrono::seconds(1)) return 4;
  if (poll(both, 2, -1) != 1 || both[1].revents != POLLIN || value != 7) return 5;
  eventfd_t count = 0;
  if (eventfd_read(event, &count) != 0 || count != 1) return 6;
  waker.join();

  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) return 7;
  std::thread answerer([&] {
    char byte = 0;
    if (recv(pair[1], &byte, 1, 0) != 1) _exit(8);
    ++byte;
    if (send(pair[1], &byte, 1, 0) != 1) _exit(9);
  });
  char byte = 'a';
  if (write(pair[0], &byte, 1) != 1) return 10;
  fd_set set;
  FD_ZERO(&set);
  FD_SET(pair[0], &set);
  FD_SET(ends[0], &set);
  timeval patience = {100, 0};
  if (select(64, &set, nullptr, nullptr, &patience) != 1) return 11;
  if (!FD_ISSET(pair[0], &set) || FD_ISSET(ends[0], &set) || patience.tv_sec < 99) return 12;
  if (read(pair[0], &byte, 1) != 1 || byte != 'b') return 13;
  answerer.join();
  close(pair[0]);
  if (read(pair[1], &byte, 1) != 0) return 14;
  return 0;
}
// Expected: nothing
