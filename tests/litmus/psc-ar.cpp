// psc-ar: two seq_cst fences on a cycle that a relaxed chain closes: RC11 allows it.
#include <atomic>
#include <cstdio>
#include <thread>

#include "assume.hpp"

std::atomic<int> x{0};
std::atomic<int> y{0};
std::atomic<int> z{0};
int r1;
int r2;
int r3;

int main() {
  std::thread one([] {
    r1 = y.load(std::memory_order_relaxed);
    assume(r1 == 1);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    r2 = z.load(std::memory_order_relaxed);
    assume(r2 == 0);
  });
  std::thread two([] {
    z.store(1, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    x.store(1, std::memory_order_relaxed);
  });
  std::thread three([] {
    r3 = x.load(std::memory_order_relaxed);
    if (r3 == 1) {
      y.store(1, std::memory_order_relaxed);
    }
    assume(r3 == 1);
  });
  one.join();
  two.join();
  three.join();
  std::printf("r1=%d r2=%d r3=%d\n", r1, r2, r3);
}
// Executions: rc11 1, sc 0, tso 0
// Allowed rc11: r1=1 r2=0 r3=1
// Forbidden tso: r1=1 r2=0 r3=1
// Forbidden sc: r1=1 r2=0 r3=1
