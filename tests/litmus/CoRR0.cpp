// CoRR0: one writer, two threads that read once each.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> x{0};
int r1;
int r2;

int main() {
  std::thread one([] { x.store(1, std::memory_order_release); });
  std::thread two([] { r1 = x.load(std::memory_order_acquire); });
  std::thread three([] { r2 = x.load(std::memory_order_acquire); });
  one.join();
  two.join();
  three.join();
  std::printf("r1=%d r2=%d\n", r1, r2);
}
// Executions: rc11 4, sc 4, tso 4
// Allowed rc11: r1=0 r2=0; r1=0 r2=1; r1=1 r2=0; r1=1 r2=1
