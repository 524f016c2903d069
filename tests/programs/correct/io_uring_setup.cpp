// What io_uring does is not seen, and the program is told so. Where the kernel has none of it the
// call fails.
#include <sys/syscall.h>
#include <unistd.h>

int main() {
  alignas(8) char parameters[120] = {};
  const long ring = syscall(SYS_io_uring_setup, 4, parameters);
  if (ring >= 0) close(static_cast<int>(ring));
}

// Expected: nothing
//   blind: syscall(SYS_io_uring_setup)
