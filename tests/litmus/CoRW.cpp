// CoRW: coherence of a read and a write: what a thread has read comes before what it writes next.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> x{0};
int r1;

int main() {
  std::thread one([] {
    r1 = x.load(std::memory_order_acquire);
    x.store(1, std::memory_order_release);
  });
  std::thread two([] { x.store(2, std::memory_order_release); });
  one.join();
  two.join();
  std::printf("r1=%d x=%d\n", r1, x.load(std::memory_order_relaxed));
}
// Executions: rc11 3, sc 3, tso 3
// Allowed rc11: r1=0 x=1; r1=0 x=2; r1=2 x=1
// Forbidden rc11: r1=2 x=2
