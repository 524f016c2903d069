// Loops whose state stands in memory that only code without instrumentation writes: they are no
// loops that wait, though registers and stack come back.
#include <atomic>
#include <cassert>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <thread>

std::atomic<int> looked_at{0};
std::istringstream letters("aaaaa");
char words[] = "a b c d";

int main() {
  std::thread thread([] {
    while (letters.get() != EOF) looked_at.load();
    while (rand() % 4 != 0) looked_at.load();
    std::strtok(words, " ");
    while (std::strtok(nullptr, " ") != nullptr) looked_at.load();
  });
  thread.join();
}
// Verify rc11: 1
