// Random numbers from every source; the program does the same with whatever it gets.
#include <sys/random.h>

#include <cstdlib>
#include <map>
#include <mutex>
#include <random>
#include <thread>

std::mutex mutex;
std::map<unsigned, int> seen;

void draw() {
  std::random_device device;
  std::mt19937 engine(device());
  std::uniform_int_distribution<unsigned> die(1, 6);
  for (int i = 0; i < 4; ++i) {
    const std::lock_guard lock(mutex);
    ++seen[die(engine)];
    ++seen[static_cast<unsigned>(std::rand()) % 6 + 1];
  }
}

int main() {
  std::thread one(draw);
  std::thread two(draw);
  one.join();
  two.join();
  unsigned char bytes[16] = {};
  if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes) return 1;
  int total = 0;
  for (const auto& [value, count] : seen) {
    if (value < 1 || value > 6) return 2;
    total += count;
  }
  return total == 16 ? 0 : 3;
}
// Expected: nothing
