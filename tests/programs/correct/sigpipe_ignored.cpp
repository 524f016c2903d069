// With SIGPIPE ignored, or handled, a write without a reader only fails.
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

namespace {
volatile sig_atomic_t came = 0;
}

int main() {
  int ends[2];
  if (pipe(ends) != 0) return 1;
  signal(SIGPIPE, SIG_IGN);
  std::thread closer([&ends] { close(ends[0]); });
  const bool written = write(ends[1], "a", 1) == 1;
  if (!written && errno != EPIPE) return 2;
  closer.join();
  signal(SIGPIPE, [](int) { came = 1; });
  if (write(ends[1], "b", 1) != -1 || errno != EPIPE || came != 1) return 3;
  return 0;
}
// Expected: nothing
