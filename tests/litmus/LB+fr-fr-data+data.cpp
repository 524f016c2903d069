// LB+fr-fr-data+data: load buffering with data dependencies, a second read of y and a second
// writer of y.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> x{0};
std::atomic<int> y{0};
int r1;
int r2;
int r3;

int main() {
  std::thread one([] {
    r1 = x.load(std::memory_order_relaxed);
    y.store(1 + (r1 ^ r1), std::memory_order_relaxed);
  });
  std::thread two([] {
    r2 = y.load(std::memory_order_relaxed);
    r3 = y.load(std::memory_order_relaxed);
    x.store(1 + (r3 ^ r3), std::memory_order_relaxed);
  });
  std::thread three([] { y.store(2, std::memory_order_relaxed); });
  one.join();
  two.join();
  three.join();
  std::printf("r1=%d r2=%d r3=%d\n", r1, r2, r3);
}
// Executions: rc11 18, sc 16, tso 16
// Allowed rc11: r1=0 r2=0 r3=0; r1=0 r2=0 r3=1; r1=0 r2=0 r3=2; r1=0 r2=1 r3=1; r1=0 r2=1 r3=2;
//   r1=0 r2=2 r3=1; r1=0 r2=2 r3=2; r1=1 r2=0 r3=0; r1=1 r2=0 r3=2; r1=1 r2=2 r3=2
// Forbidden rc11: r1=1 r2=1 r3=1
