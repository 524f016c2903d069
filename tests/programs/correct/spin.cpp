// Loops that wait for another thread: with yield, with sleep, and a spinlock over plain data.
#include <atomic>
#include <chrono>
#include <thread>

std::atomic<bool> ready{false};
std::atomic<bool> locked{false};
std::atomic<int> slept{0};
int protected_by_spinlock = 0;

void increment() {
  while (!ready.load(std::memory_order_acquire)) std::this_thread::yield();
  for (int i = 0; i < 3; ++i) {
    while (locked.exchange(true, std::memory_order_acquire)) {
      while (locked.load(std::memory_order_relaxed)) std::this_thread::yield();
    }
    ++protected_by_spinlock;
    locked.store(false, std::memory_order_release);
  }
  ++slept;
}

int main() {
  std::thread one(increment);
  std::thread two(increment);
  ready.store(true, std::memory_order_release);
  while (slept != 2) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const int result = protected_by_spinlock;
  one.join();
  two.join();
  return result == 6 ? 0 : 1;
}
// Expected: nothing
