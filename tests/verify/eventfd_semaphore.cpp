// The same with EFD_SEMAPHORE: each takes one. Words of W W R R, a read behind a write for each, and
// two orders of the readers: 2 * 2.
#include <sys/eventfd.h>
#include <unistd.h>

#include <thread>

int main() {
  const int counter = eventfd(0, EFD_SEMAPHORE);
  const auto wait = [counter] {
    eventfd_t got = 0;
    if (eventfd_read(counter, &got) != 0 || got != 1) _exit(1);
  };
  std::thread one(wait);
  std::thread other(wait);
  eventfd_write(counter, 1);
  eventfd_write(counter, 1);
  one.join();
  other.join();
}
// Verify rc11: 4
