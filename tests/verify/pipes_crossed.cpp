// Each of two threads waits for what the other sends, and sends when it has it: if the second has
// seen the first's flag.
#include <unistd.h>

#include <atomic>
#include <thread>

int main() {
  int one[2];
  int other[2];
  if (pipe(one) != 0 || pipe(other) != 0) return 1;
  std::atomic<bool> waits{false};
  char byte = 0;
  std::thread second([&] {
    char mine = 1;
    if (waits && read(one[0], &mine, 1) != 1) _exit(2);
    if (write(other[1], &mine, 1) != 1) _exit(3);
  });
  waits = true;
  if (read(other[0], &byte, 1) != 1 || write(one[1], &byte, 1) != 1) return 4;
  second.join();
}
// Verify sc: DEADLOCK
// Verify rc11: DEADLOCK
