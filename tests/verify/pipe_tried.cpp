// A reader that does not wait looks twice while two bytes come: orders of two writes of one thread
// and two reads, 6.
#include <fcntl.h>
#include <unistd.h>

#include <cassert>
#include <thread>

int main() {
  int ends[2];
  if (pipe2(ends, O_NONBLOCK) != 0) return 1;
  std::thread writer([&ends] {
    for (int i = 0; i < 2; ++i) {
      if (write(ends[1], "x", 1) != 1) _exit(2);
    }
  });
  int count = 0;
  char byte = 0;
  for (int i = 0; i < 2; ++i) count += read(ends[0], &byte, 1) == 1 ? 1 : 0;
  writer.join();
  while (read(ends[0], &byte, 1) == 1) ++count;
  assert(count == 2);
}
// Verify sc: 6
// Verify rc11: 6
