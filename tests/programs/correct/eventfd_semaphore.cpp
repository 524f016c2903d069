// The same as a semaphore: each worker takes one.
#include <sys/eventfd.h>

#include <thread>

namespace {
int prepared = 0;
}

int main() {
  const int go = eventfd(0, EFD_SEMAPHORE);
  if (go < 0) return 1;
  int seen[2] = {};
  const auto work = [go](int& out) {
    eventfd_t count = 0;
    if (eventfd_read(go, &count) == 0 && count == 1) out = prepared;
  };
  std::thread one(work, std::ref(seen[0]));
  std::thread two(work, std::ref(seen[1]));
  prepared = 5;
  eventfd_write(go, 2);
  one.join();
  two.join();
  return seen[0] + seen[1] == 10 ? 0 : 2;
}
// Expected: nothing
