// A spin lock whose release is relaxed lets nobody see what was done under it.
#include <atomic>
#include <thread>

std::atomic_flag taken = ATOMIC_FLAG_INIT;
int total = 0;

void add() {
  while (taken.test_and_set(std::memory_order_acquire)) std::this_thread::yield();
  ++total;  // @add
  taken.clear(std::memory_order_relaxed);
}

int main() {
  std::thread one(add);
  std::thread two(add);
  one.join();
  two.join();
  return 0;
}
// Expected: RACE
//   report: @add
