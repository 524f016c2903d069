// assume-ctrl: a condition whose second read is made only if the first half fails.
#include <atomic>
#include <cstdio>
#include <thread>

#include "assume.hpp"

std::atomic<int> x{0};
std::atomic<int> y{0};
int r1;

int main() {
  std::thread one([] {
    assume(2 > y.load(std::memory_order_relaxed) || y.load(std::memory_order_relaxed) > 3);
    x.store(1, std::memory_order_relaxed);
  });
  std::thread two([] {
    r1 = x.load(std::memory_order_relaxed);
    assume(r1 < 3);
    y.store(3, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    y.store(4, std::memory_order_relaxed);
  });
  one.join();
  two.join();
  std::printf("r1=%d\n", r1);
}
// Executions: rc11 4, sc 4, tso 4
// Allowed rc11: r1=0; r1=1
