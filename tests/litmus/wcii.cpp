// wcii: a write, a CAS and two increments of one variable.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> x{0};
int r1;
int r2;
int r3;

int main() {
  std::thread one([] { x.store(5, std::memory_order_release); });
  std::thread two([] {
    r1 = 1;
    x.compare_exchange_strong(r1, 2, std::memory_order_relaxed, std::memory_order_relaxed);
  });
  std::thread three([] { r2 = x.fetch_add(1, std::memory_order_relaxed); });
  std::thread four([] { r3 = x.fetch_add(1, std::memory_order_relaxed); });
  one.join();
  two.join();
  three.join();
  four.join();
  std::printf("r1=%d r2=%d r3=%d\n", r1, r2, r3);
}
// Executions: rc11 24, sc 24, tso 24
// Forbidden rc11: r1=0 r2=0 r3=0
