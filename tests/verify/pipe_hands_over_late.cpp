// The same, but the value is written when the byte is on its way.
#include <unistd.h>

#include <thread>

int main() {
  int ends[2];
  if (pipe(ends) != 0) return 1;
  int value = 0;
  std::thread writer([&] {
    if (write(ends[1], "x", 1) != 1) _exit(2);
    value = 7;
  });
  char byte = 0;
  if (read(ends[0], &byte, 1) != 1) return 3;
  const int seen = value;
  writer.join();
  return seen == 7 || seen == 0 ? 0 : 4;
}
// Verify rc11: RACE
