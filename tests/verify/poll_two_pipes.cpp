// Whichever of two pipes has something: main takes it until it has both. A poll concerns two, so all
// steps are in one order: two orders of the writes, and the second before the first poll, between that
// and the read, or after it.
#include <poll.h>
#include <unistd.h>

#include <cassert>
#include <thread>

int main() {
  int one[2];
  int other[2];
  if (pipe(one) != 0 || pipe(other) != 0) return 1;
  const auto put = [](int end) {
    if (write(end, "x", 1) != 1) _exit(2);
  };
  std::thread left(put, one[1]);
  std::thread right(put, other[1]);
  int got = 0;
  while (got < 2) {
    pollfd both[2] = {{one[0], POLLIN, 0}, {other[0], POLLIN, 0}};
    if (poll(both, 2, -1) < 1) return 3;
    for (const pollfd& each : both) {
      char byte = 0;
      if ((each.revents & POLLIN) != 0) got += read(each.fd, &byte, 1) == 1 ? 1 : 0;
    }
  }
  left.join();
  right.join();
  assert(got == 2);
}
// Verify rc11: 6
