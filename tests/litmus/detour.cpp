// detour: a detour: a thread reads back x, which another may have overwritten meanwhile.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> x{0};
std::atomic<int> y{0};
std::atomic<int> z{0};
int r1;
int r2;
int r3;

int main() {
  std::thread one([] { x.store(1, std::memory_order_relaxed); });
  std::thread two([] {
    r1 = z.load(std::memory_order_relaxed);
    x.store(r1 - 1, std::memory_order_relaxed);
    r2 = x.load(std::memory_order_relaxed);
    y.store(r2, std::memory_order_relaxed);
  });
  std::thread three([] {
    r3 = y.load(std::memory_order_relaxed);
    z.store(r3, std::memory_order_relaxed);
  });
  one.join();
  two.join();
  three.join();
  std::printf("r1=%d r2=%d r3=%d\n", r1, r2, r3);
}
// Executions: rc11 9, sc 9, tso 9
// Allowed rc11: r1=0 r2=-1 r3=-1; r1=0 r2=-1 r3=0; r1=0 r2=1 r3=0; r1=0 r2=1 r3=1
// Forbidden rc11: r1=1 r2=1 r3=1
