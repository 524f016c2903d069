// MP+relf+acq: message passing of a plain variable by a release fence and an acquire load.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> y{0};
int x;
int r1;
int r2 = -1;  // -1: not reached

int main() {
  std::thread one([] {
    x = 1;
    std::atomic_thread_fence(std::memory_order_release);
    y.store(1, std::memory_order_relaxed);
  });
  std::thread two([] {
    r1 = y.load(std::memory_order_acquire);
    if (r1 != 0) {
      r2 = x;
    }
  });
  one.join();
  two.join();
  std::printf("r1=%d r2=%d\n", r1, r2);
}
// Executions: rc11 2, sc 2, tso 2
// Allowed rc11: r1=0 r2=-1; r1=1 r2=1
// Forbidden rc11: r1=1 r2=0
