// Long loops that only look, as far as instrumentation tells: what ends them stands in the memory of
// libraries, or is asked of the kernel.
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>
#include <thread>

std::atomic<int> looked_at{0};
std::istringstream letters(std::string(2000, 'a'));

void read_bytes() {
  std::FILE* file = std::tmpfile();
  const int descriptor = fileno(file);
  const std::string bytes(2000, 'a');
  if (write(descriptor, bytes.data(), bytes.size()) != 2000) std::abort();
  lseek(descriptor, 0, SEEK_SET);
  char byte = 0;
  while (read(descriptor, &byte, 1) == 1) looked_at.load();
  std::fclose(file);
}

int main() {
  read_bytes();
  std::thread reader([] {
    while (letters.get() != EOF) looked_at.load();
  });
  std::thread gambler([] {
    while (rand() % 700 != 0) looked_at.load();
  });
  reader.join();
  gambler.join();
}
// Expected: nothing
