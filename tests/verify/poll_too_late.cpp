// It is not thought of that a poll may end too late.
#include <poll.h>
#include <unistd.h>

#include <cassert>
#include <thread>

int main() {
  int ends[2];
  if (pipe(ends) != 0) return 1;
  std::thread writer([&ends] {
    if (write(ends[1], "x", 1) != 1) _exit(2);
  });
  pollfd one = {ends[0], POLLIN, 0};
  const int ready = poll(&one, 1, 20);
  writer.join();
  assert(ready == 1);
}
// Verify rc11: ASSERT
