// Opens files and closes none: as many as the argument says, half of them by stdio.
#include <fcntl.h>

#include <cstdio>
#include <cstdlib>
#include <thread>

int main(int, char** arguments) {
  const int count = std::atoi(arguments[1]);
  int failed = 0;
  int first = 0;
  std::thread([&] {
    first = open("/dev/null", O_RDONLY);
    for (int i = 1; i < count; ++i) {
      const bool opened =
          i % 2 == 0 ? open("/dev/null", O_RDONLY) >= 0 : std::fopen("/dev/null", "r") != nullptr;
      if (!opened) ++failed;
    }
  }).join();
  if (first > 9) return 2;  // those of the execution before are still open
  return failed == 0 ? 0 : 1;
}
