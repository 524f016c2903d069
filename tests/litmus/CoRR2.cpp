// CoRR2: two writers: two threads that read twice must agree on the order of the writes.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> x{0};
int r1;
int r2;
int r3;
int r4;

int main() {
  std::thread one([] { x.store(1, std::memory_order_release); });
  std::thread two([] { x.store(2, std::memory_order_release); });
  std::thread three([] {
    r1 = x.load(std::memory_order_acquire);
    r2 = x.load(std::memory_order_acquire);
  });
  std::thread four([] {
    r3 = x.load(std::memory_order_acquire);
    r4 = x.load(std::memory_order_acquire);
  });
  one.join();
  two.join();
  three.join();
  four.join();
  std::printf("r1=%d r2=%d r3=%d r4=%d\n", r1, r2, r3, r4);
}
// Executions: rc11 72, sc 72, tso 72
// Forbidden rc11: r1=1 r2=2 r3=2 r4=1
