// A spin lock taken twice by the same thread.
#include <atomic>
#include <thread>

std::atomic_flag locked = ATOMIC_FLAG_INIT;
int total = 0;

void lock() {
  while (locked.test_and_set(std::memory_order_acquire)) {  // @spin
  }
}
void unlock() { locked.clear(std::memory_order_release); }

void add(int times) {
  lock();
  ++total;
  if (times > 1) add(times - 1);
  unlock();
}

int main() {
  std::thread one(add, 2);
  one.join();
}
// Expected: LIVELOCK
//   report: @spin
