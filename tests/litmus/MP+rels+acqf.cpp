// MP+rels+acqf: message passing of a plain variable by a release store that a relaxed store of the
// same thread follows and a relaxed load with an acquire fence.
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
    y.store(0, std::memory_order_release);
    y.store(1, std::memory_order_relaxed);
  });
  std::thread two([] {
    r1 = y.load(std::memory_order_relaxed);
    if (r1 != 0) {
      std::atomic_thread_fence(std::memory_order_acquire);
      r2 = x;
    }
  });
  one.join();
  two.join();
  std::printf("r1=%d r2=%d\n", r1, r2);
}
// Executions: rc11 4, sc 3, tso 3
// Allowed rc11: r1=0 r2=-1; r1=1 r2=0; r1=1 r2=1
// Forbidden tso: r1=1 r2=0
// Forbidden sc: r1=1 r2=0
// Race: x. Since C++20 a release sequence holds no later store of its thread, only RMWs.
