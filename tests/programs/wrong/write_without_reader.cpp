// The reader may be gone before the writer writes: SIGPIPE ends the process.
#include <unistd.h>

#include <thread>

int main() {
  int ends[2];
  if (pipe(ends) != 0) return 1;
  std::thread reader([&ends] {
    char byte = 0;
    if (read(ends[0], &byte, 1) < 0) _exit(2);
    close(ends[0]);
  });
  if (write(ends[1], "a", 1) < 0) return 3;
  if (write(ends[1], "b", 1) < 0) return 4;  // @pipe
  reader.join();
  return 0;
}
// Expected: EXIT
//   report: SIGPIPE
//   report: @pipe
