// fr+w+w+w+reads: three writers, and a thread that reads four times.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> x{0};
int r1;
int r2;
int r3;
int r4;

int main() {
  std::thread one([] { x.store(1, std::memory_order_relaxed); });
  std::thread two([] { x.store(2, std::memory_order_relaxed); });
  std::thread three([] { x.store(3, std::memory_order_relaxed); });
  std::thread four([] {
    r1 = x.load(std::memory_order_relaxed);
    r2 = x.load(std::memory_order_relaxed);
    r3 = x.load(std::memory_order_relaxed);
    r4 = x.load(std::memory_order_relaxed);
  });
  one.join();
  two.join();
  three.join();
  four.join();
  std::printf("r1=%d r2=%d r3=%d r4=%d\n", r1, r2, r3, r4);
}
// Executions: rc11 210, sc 210, tso 210
// Forbidden rc11: r1=1 r2=0 r3=2 r4=3
