// Two threads wait to be woken, by a counter that is raised for each: who comes first may take both.
#include <sys/eventfd.h>
#include <unistd.h>

#include <thread>

int main() {
  const int counter = eventfd(0, 0);  // without EFD_SEMAPHORE
  const auto wait = [counter] {
    eventfd_t got = 0;
    eventfd_read(counter, &got);
  };
  std::thread one(wait);
  std::thread other(wait);
  eventfd_write(counter, 1);
  eventfd_write(counter, 1);
  one.join();
  other.join();
}
// Verify rc11: DEADLOCK
