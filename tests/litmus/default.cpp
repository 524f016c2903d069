// default: two writers, and a thread that reads twice.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> x{0};
int r1;
int r2;

int main() {
  std::thread one([] {
    r1 = x.load(std::memory_order_acquire);
    r2 = x.load(std::memory_order_acquire);
  });
  std::thread two([] { x.store(1, std::memory_order_release); });
  std::thread three([] { x.store(2, std::memory_order_release); });
  one.join();
  two.join();
  three.join();
  std::printf("r1=%d r2=%d\n", r1, r2);
}
// Executions: rc11 12, sc 12, tso 12
// Allowed rc11: r1=0 r2=0; r1=0 r2=1; r1=0 r2=2; r1=1 r2=1; r1=1 r2=2; r1=2 r2=1; r1=2 r2=2
// Forbidden rc11: r1=1 r2=0
