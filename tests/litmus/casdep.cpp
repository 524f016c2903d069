// casdep: a store of what a CAS has found.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> x{0};
std::atomic<int> y{0};
std::atomic<int> z{0};
int r1;

int main() {
  std::thread one([] {
    r1 = x.load(std::memory_order_relaxed);
    y.compare_exchange_strong(r1, 1, std::memory_order_relaxed, std::memory_order_relaxed);
    z.store(r1, std::memory_order_relaxed);
  });
  std::thread two([] { y.store(2, std::memory_order_relaxed); });
  one.join();
  two.join();
  std::printf("r1=%d\n", r1);
}
// Executions: rc11 2, sc 2, tso 2
// Allowed rc11: r1=0; r1=2
