// cii: a CAS that succeeds only between two increments.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> x{0};
int r1;
int r2;
int r3;

int main() {
  std::thread one([] {
    r1 = 1;
    x.compare_exchange_strong(r1, 2, std::memory_order_relaxed, std::memory_order_relaxed);
  });
  std::thread two([] { r2 = x.fetch_add(1, std::memory_order_relaxed); });
  std::thread three([] { r3 = x.fetch_add(1, std::memory_order_relaxed); });
  one.join();
  two.join();
  three.join();
  std::printf("r1=%d r2=%d r3=%d\n", r1, r2, r3);
}
// Executions: rc11 6, sc 6, tso 6
// Allowed rc11: r1=0 r2=0 r3=1; r1=0 r2=1 r3=0; r1=1 r2=0 r3=2; r1=1 r2=2 r3=0; r1=2 r2=0 r3=1;
//   r1=2 r2=1 r3=0
// Forbidden rc11: r1=0 r2=0 r3=0
