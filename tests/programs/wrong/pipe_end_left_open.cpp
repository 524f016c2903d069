// The writing end is never closed, so the reader waits for more for ever.
#include <unistd.h>

#include <thread>

int main() {
  int ends[2];
  if (pipe(ends) != 0) return 1;
  std::thread reader([&ends] {
    char byte = 0;
    while (read(ends[0], &byte, 1) == 1) {  // @waits
    }
  });
  if (write(ends[1], "ab", 2) != 2) return 2;
  reader.join();
  return 0;
}
// Expected: DEADLOCK
//   report: waits to read from pipe1
//   report: @waits
