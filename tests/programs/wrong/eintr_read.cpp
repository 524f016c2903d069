// A read that a signal breaks off has read nothing; it has not failed.
#include <unistd.h>

#include <cassert>
#include <thread>

int main() {
  int ends[2];
  if (pipe(ends) != 0) return 1;
  std::thread writer([&] {
    const char byte = 'x';
    if (write(ends[1], &byte, 1) != 1) _exit(2);
  });
  char byte = 0;
  const ssize_t got = read(ends[0], &byte, 1);  // @read
  assert(got == 1);                             // @got
  writer.join();
  return 0;
}

// Expected: ASSERT
//   options: --io-faults=eintr
//   report: @read
//   report: @got
//   report: EINTR (injected)
