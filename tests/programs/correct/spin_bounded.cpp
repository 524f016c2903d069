// Loops that spin a bounded number of times and then do something else: none goes on for ever,
// whatever the others do, and giving up is one of the outcomes.
#include <atomic>
#include <chrono>
#include <semaphore>
#include <thread>

std::atomic<bool> ready{false};
std::atomic<int> gave_up{0};
std::atomic<int> in_time{0};
std::atomic<int> counted{0};
long polls = 0;

void spin_a_while() {
  for (int i = 0; i < 500; ++i) {
    if (ready.load(std::memory_order_acquire)) {
      ++in_time;
      return;
    }
  }
  ++gave_up;
}

void spin_until_a_time() {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (std::chrono::steady_clock::now() < end) {
    if (counted.load() == 7) return;  // never
  }
  ++counted;
}

int main() {
  std::thread one(spin_a_while);
  std::thread two(spin_until_a_time);
  // Alone with its counter: a loop that looks at the same again and again, but ends.
  while (counted.load() == 0) {
    if (++polls == 5000) break;
  }
  std::binary_semaphore none(0);
  if (none.try_acquire()) return 1;
  one.join();
  two.join();
  ready = true;
  spin_a_while();
  return gave_up + in_time == 2 && counted == 1 ? 0 : 2;
}
// Expected: nothing
