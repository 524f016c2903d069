// rinc+wr: an increment against a write that is read back.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> x{0};
int r1;
int r2;

int main() {
  std::thread one([] { r1 = x.fetch_add(1, std::memory_order_relaxed); });
  std::thread two([] {
    x.store(2, std::memory_order_relaxed);
    r2 = x.load(std::memory_order_relaxed);
  });
  one.join();
  two.join();
  std::printf("r1=%d r2=%d\n", r1, r2);
}
// Executions: rc11 3, sc 3, tso 3
// Allowed rc11: r1=0 r2=2; r1=2 r2=2; r1=2 r2=3
// Forbidden rc11: r1=0 r2=1
