// Two workers wait for one eventfd; it is written once, and the first to read takes all of it.
#include <sys/eventfd.h>

#include <thread>

int main() {
  const int go = eventfd(0, 0);
  if (go < 0) return 1;
  const auto work = [go] {
    eventfd_t count = 0;
    eventfd_read(go, &count);  // @waits
  };
  std::thread one(work);
  std::thread two(work);
  eventfd_write(go, 2);
  one.join();
  two.join();
  return 0;
}
// Expected: DEADLOCK
//   report: waits to read from eventfd1
//   report: @waits
