// viktor-relseq: six increments of one variable by four threads: its modification order is all
// there is.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> lock{0};
int r1;
int r2;
int r3;
int r4;
int r5;
int r6;

int main() {
  std::thread one([] {
    r1 = lock.fetch_add(1, std::memory_order_relaxed);
    r2 = lock.fetch_add(1, std::memory_order_relaxed);
  });
  std::thread two([] {
    r3 = lock.fetch_add(1, std::memory_order_acquire);
    r4 = lock.fetch_add(1, std::memory_order_relaxed);
  });
  std::thread three([] { r5 = lock.fetch_add(1, std::memory_order_release); });
  std::thread four([] { r6 = lock.fetch_add(1, std::memory_order_relaxed); });
  one.join();
  two.join();
  three.join();
  four.join();
  std::printf("r1=%d r2=%d r3=%d r4=%d r5=%d r6=%d\n", r1, r2, r3, r4, r5, r6);
}
// Executions: rc11 180, sc 180, tso 180
// Forbidden rc11: r1=1 r2=0 r3=2 r4=3 r5=4 r6=5
