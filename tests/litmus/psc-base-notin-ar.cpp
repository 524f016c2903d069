// psc-base-notin-ar: two seq_cst writes of y, of which the first is copied by relaxed accesses.
#include <atomic>
#include <cstdio>
#include <thread>

#include "assume.hpp"

std::atomic<int> x{0};
std::atomic<int> y{0};
int r1;
int r2;

int main() {
  std::thread one([] {
    r1 = x.load(std::memory_order_relaxed);
    assume(r1 == 2);
    y.store(1, std::memory_order_seq_cst);
  });
  std::thread two([] { y.store(2, std::memory_order_seq_cst); });
  std::thread three([] {
    r2 = y.load(std::memory_order_relaxed);
    assume(r2 == 2);
    x.store(r2, std::memory_order_relaxed);
  });
  one.join();
  two.join();
  three.join();
  std::printf("r1=%d r2=%d y=%d\n", r1, r2, y.load(std::memory_order_relaxed));
}
// Executions: rc11 2, sc 1, tso 1
// Allowed rc11: r1=2 r2=2 y=1; r1=2 r2=2 y=2
// Forbidden tso: r1=2 r2=2 y=2
// Forbidden sc: r1=2 r2=2 y=2
