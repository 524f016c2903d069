// LB+dep: load buffering, where each store writes one more than what was read.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> x{0};
std::atomic<int> y{0};
int r1;
int r2;

int main() {
  std::thread one([] {
    r1 = x.load(std::memory_order_relaxed);
    y.store(r1 + 1, std::memory_order_relaxed);
  });
  std::thread two([] {
    r2 = y.load(std::memory_order_relaxed);
    x.store(r2 + 1, std::memory_order_relaxed);
  });
  one.join();
  two.join();
  std::printf("r1=%d r2=%d\n", r1, r2);
}
// Executions: rc11 3, sc 3, tso 3
// Allowed rc11: r1=0 r2=0; r1=0 r2=1; r1=1 r2=0
