// Who writes may come too late: the end is closed by then, also where the closing thread is first.
#include <unistd.h>

#include <cassert>
#include <thread>

int main() {
  int ends[2];
  if (pipe(ends) != 0) return 1;
  bool written = false;
  std::thread writer([&] { written = write(ends[1], "x", 1) == 1; });
  close(ends[1]);
  writer.join();
  assert(written);
}
// Verify rc11: ASSERT
