// ccr: two CAS that exclude each other, and a read after one of them.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> x{0};
int r1;
int r2;
int r3;

int main() {
  std::thread one([] {
    r1 = 0;
    x.compare_exchange_strong(r1, 42, std::memory_order_relaxed, std::memory_order_relaxed);
  });
  std::thread two([] {
    r2 = 0;
    x.compare_exchange_strong(r2, 17, std::memory_order_relaxed, std::memory_order_relaxed);
    r3 = x.load(std::memory_order_relaxed);
  });
  one.join();
  two.join();
  std::printf("r1=%d r2=%d r3=%d\n", r1, r2, r3);
}
// Executions: rc11 2, sc 2, tso 2
// Allowed rc11: r1=0 r2=42 r3=42; r1=17 r2=0 r3=17
// Forbidden rc11: r1=0 r2=0 r3=42
