// The bytes of two threads are assumed to come in the order in which the threads were made.
#include <unistd.h>

#include <cassert>
#include <thread>

int main() {
  int ends[2];
  if (pipe(ends) != 0) return 1;
  const auto put = [&ends](char byte) {
    if (write(ends[1], &byte, 1) != 1) _exit(2);
  };
  std::thread first(put, 'a');
  std::thread second(put, 'b');
  first.join();
  second.join();
  char bytes[2] = {};
  if (read(ends[0], bytes, 2) != 2) return 3;
  assert(bytes[0] == 'a');
}
// Verify rc11: ASSERT
