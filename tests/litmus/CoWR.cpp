// CoWR: coherence of a write and a read: a thread never reads what its own write has overwritten.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> x{0};
int r1;

int main() {
  std::thread one([] {
    x.store(1, std::memory_order_release);
    r1 = x.load(std::memory_order_acquire);
  });
  std::thread two([] { x.store(2, std::memory_order_release); });
  one.join();
  two.join();
  std::printf("r1=%d x=%d\n", r1, x.load(std::memory_order_relaxed));
}
// Executions: rc11 3, sc 3, tso 3
// Allowed rc11: r1=1 x=1; r1=1 x=2; r1=2 x=2
// Forbidden rc11: r1=2 x=1
