// atomicpo: two exchanges of one thread against two stores with a fence.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> x{0};
std::atomic<int> y{0};
int r1;
int r2;

int main() {
  std::thread one([] {
    y.store(1, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_acq_rel);
    x.store(1, std::memory_order_relaxed);
  });
  std::thread two([] {
    r1 = x.exchange(1, std::memory_order_relaxed);
    r2 = y.exchange(1, std::memory_order_relaxed);
  });
  one.join();
  two.join();
  std::printf("r1=%d r2=%d\n", r1, r2);
}
// Executions: rc11 4, sc 3, tso 3
// Allowed rc11: r1=0 r2=0; r1=0 r2=1; r1=1 r2=0; r1=1 r2=1
// Forbidden tso: r1=1 r2=0
// Forbidden sc: r1=1 r2=0
