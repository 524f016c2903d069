// S: a write of x that follows a read of the flag may yet come before the write behind the flag.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> x{0};
std::atomic<int> y{0};
int r1;

int main() {
  std::thread one([] {
    x.store(2, std::memory_order_relaxed);
    y.store(1, std::memory_order_relaxed);
  });
  std::thread two([] {
    r1 = y.load(std::memory_order_relaxed);
    x.store(1, std::memory_order_relaxed);
  });
  one.join();
  two.join();
  std::printf("r1=%d x=%d\n", r1, x.load(std::memory_order_relaxed));
}
// Executions: rc11 4, sc 3, tso 3
// Allowed rc11: r1=0 x=1; r1=0 x=2; r1=1 x=1; r1=1 x=2
// Forbidden tso: r1=1 x=2
// Forbidden sc: r1=1 x=2
