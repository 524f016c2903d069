// CoRR1: two writers, a thread that reads twice and one that reads once.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> x{0};
int r1;
int r2;
int r3;

int main() {
  std::thread one([] { x.store(1, std::memory_order_release); });
  std::thread two([] { x.store(2, std::memory_order_release); });
  std::thread three([] {
    r1 = x.load(std::memory_order_acquire);
    r2 = x.load(std::memory_order_acquire);
  });
  std::thread four([] { r3 = x.load(std::memory_order_acquire); });
  one.join();
  two.join();
  three.join();
  four.join();
  std::printf("r1=%d r2=%d r3=%d\n", r1, r2, r3);
}
// Executions: rc11 36, sc 36, tso 36
