// rfi-preserved: load buffering, where a thread hands on what it reads back from its own release
// store.
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
  std::thread one([] {
    r1 = x.load(std::memory_order_relaxed);
    y.store(1, std::memory_order_release);
    r2 = y.load(std::memory_order_relaxed);
    z.store(r2, std::memory_order_relaxed);
  });
  std::thread two([] {
    r3 = z.load(std::memory_order_relaxed);
    x.store(r3, std::memory_order_relaxed);
  });
  one.join();
  two.join();
  std::printf("r1=%d r2=%d r3=%d\n", r1, r2, r3);
}
// Executions: rc11 3, sc 3, tso 3
// Allowed rc11: r1=0 r2=1 r3=0; r1=0 r2=1 r3=1
// Forbidden rc11: r1=1 r2=1 r3=1
