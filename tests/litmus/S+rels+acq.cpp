// S+rels+acq: two plain writes of x, ordered by a release store that a relaxed store of the same
// thread follows and an acquire load.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> y{0};
int x;
int r1;

int main() {
  std::thread one([] {
    x = 1;
    y.store(0, std::memory_order_release);
    y.store(1, std::memory_order_relaxed);
  });
  std::thread two([] {
    r1 = y.load(std::memory_order_acquire);
    if (r1 != 0) {
      x = 2;
    }
  });
  one.join();
  two.join();
  std::printf("r1=%d x=%d\n", r1, x);
}
// Executions: rc11 4, sc 3, tso 3
// Allowed rc11: r1=0 x=1; r1=1 x=1; r1=1 x=2
// Forbidden tso: r1=1 x=1
// Forbidden sc: r1=1 x=1
// Race: x. Since C++20 a release sequence holds no later store of its thread, only RMWs.
