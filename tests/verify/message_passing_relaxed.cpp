// The same by a relaxed flag: a race, though every x86 machine gets it right.
#include <atomic>
#include <cassert>
#include <thread>

int main() {
  std::atomic<bool> ready{false};
  int data = 0;
  std::thread sender([&] {
    data = 42;
    ready.store(true, std::memory_order_relaxed);
  });
  if (ready.load(std::memory_order_relaxed)) assert(data == 42);
  sender.join();
}
// Verify rc11: RACE
