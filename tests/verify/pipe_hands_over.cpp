// What is written before a byte is sent is there when it is read. The end is closed before that or after.
#include <unistd.h>

#include <cassert>
#include <thread>

int main() {
  int ends[2];
  if (pipe(ends) != 0) return 1;
  int value = 0;
  std::thread writer([&] {
    value = 7;
    if (write(ends[1], "x", 1) != 1) _exit(2);
    close(ends[1]);
  });
  char byte = 0;
  if (read(ends[0], &byte, 1) != 1) return 3;
  assert(value == 7);
  if (read(ends[0], &byte, 1) != 0) return 4;  // the end, when it is closed
  writer.join();
}
// Verify sc: 2
// Verify rc11: 2
