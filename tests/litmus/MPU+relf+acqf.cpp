// MPU+relf+acqf: a release fence, a relaxed load with an acquire fence, and a relaxed increment in
// between, part of the release sequence.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> y{0};
int x;
int r1;
int r2;

int main() {
  std::thread one([] {
    x = 1;
    std::atomic_thread_fence(std::memory_order_release);
    y.store(1, std::memory_order_relaxed);
  });
  std::thread two([] { r1 = y.fetch_add(1, std::memory_order_relaxed); });
  std::thread three([] {
    r2 = y.load(std::memory_order_relaxed);
    if (r2 > 1) {
      std::atomic_thread_fence(std::memory_order_acquire);
      x = 2;
    }
  });
  one.join();
  two.join();
  three.join();
  std::printf("r1=%d r2=%d x=%d\n", r1, r2, x);
}
// Executions: rc11 6, sc 6, tso 6
// Allowed rc11: r1=0 r2=0 x=1; r1=0 r2=1 x=1; r1=1 r2=0 x=1; r1=1 r2=1 x=1; r1=1 r2=2 x=2
// Forbidden rc11: r1=1 r2=2 x=1
