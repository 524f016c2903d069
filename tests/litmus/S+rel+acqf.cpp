// S+rel+acqf: two plain writes of x, ordered by a release store and a relaxed load with an acquire
// fence.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> y{0};
int x;
int r1;

int main() {
  std::thread one([] {
    x = 1;
    y.store(1, std::memory_order_release);
  });
  std::thread two([] {
    r1 = y.load(std::memory_order_relaxed);
    if (r1 != 0) {
      std::atomic_thread_fence(std::memory_order_acquire);
      x = 2;
    }
  });
  one.join();
  two.join();
  std::printf("r1=%d x=%d\n", r1, x);
}
// Executions: rc11 2, sc 2, tso 2
// Allowed rc11: r1=0 x=1; r1=1 x=2
// Forbidden rc11: r1=1 x=1
