// Prints a gigabyte, through stdio and past it.
#include <unistd.h>

#include <cstdio>
#include <string>
#include <thread>

int main() {
  const std::string megabyte(1U << 20U, 'x');
  std::thread([&megabyte] {
    for (int i = 0; i < 512; ++i) {
      if (std::fwrite(megabyte.data(), 1, megabyte.size(), stdout) != megabyte.size()) return;
      if (write(2, megabyte.data(), megabyte.size()) < 0) return;
    }
    std::puts("the last line");
  }).join();
}
