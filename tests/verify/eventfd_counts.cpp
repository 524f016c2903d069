// Two threads add 1 to a counter each, and main takes what is there until it has 2: 2 orders of the
// writes, and the first read before or after the second of them.
#include <sys/eventfd.h>
#include <unistd.h>

#include <thread>

int main() {
  const int counter = eventfd(0, 0);
  const auto add = [counter] { eventfd_write(counter, 1); };
  std::thread one(add);
  std::thread other(add);
  eventfd_t sum = 0;
  while (sum < 2) {
    eventfd_t got = 0;
    if (eventfd_read(counter, &got) != 0) return 1;
    sum += got;
  }
  one.join();
  other.join();
  return sum == 2 ? 0 : 2;
}
// Verify rc11: 4
