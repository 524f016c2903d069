// A poll with a short limit ends in time or too late; with a long one it ends by what comes before
// that, however the threads take turns.
#include <poll.h>
#include <unistd.h>

#include <cassert>
#include <chrono>
#include <thread>

int main() {
  int ends[2];
  if (pipe(ends) != 0) return 1;
  std::thread writer([&ends] {
    std::this_thread::sleep_for(std::chrono::seconds(2));
    if (write(ends[1], "x", 1) != 1) _exit(2);
  });
  pollfd one = {ends[0], POLLIN, 0};
  assert(poll(&one, 1, 1000) == 0);
  assert(poll(&one, 1, 5000) == 1);
  writer.join();
}
// Verify rc11: verified
