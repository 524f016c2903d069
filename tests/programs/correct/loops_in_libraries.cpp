// Long loops that only look, as far as instrumentation tells: what ends them stands in the memory of
// libraries, or is asked of the kernel.
#include <atomic>
#include <cstdlib>
#include <sstream>
#include <string>
#include <thread>

std::atomic<int> looked_at{0};
std::istringstream letters(std::string(2000, 'a'));

int main() {
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
