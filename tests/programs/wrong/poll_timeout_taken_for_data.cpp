// poll has a timeout, which the program takes for an answer: it reads what may never come.
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cassert>
#include <chrono>
#include <thread>

int main() {
  int ends[2];
  if (pipe2(ends, O_NONBLOCK) != 0) return 1;
  std::thread slow([&ends] {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    if (write(ends[1], "x", 1) != 1) _exit(2);
  });
  pollfd one = {ends[0], POLLIN, 0};
  poll(&one, 1, 500);
  char byte = 0;
  const bool got = read(ends[0], &byte, 1) == 1;
  assert(got);  // @assert
  slow.join();
  return 0;
}
// Expected: ASSERT
//   report: @assert
