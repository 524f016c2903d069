// psc-sbhbsb: a thread that has seen x=1 by an acquire may still read the old y.
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
    x.store(1, std::memory_order_seq_cst);
    y.store(1, std::memory_order_seq_cst);
  });
  std::thread two([] {
    r1 = x.load(std::memory_order_acquire);
    assume(r1 == 1);
    r2 = y.load(std::memory_order_seq_cst);
    assume(r2 == 0);
  });
  one.join();
  two.join();
  std::printf("r1=%d r2=%d\n", r1, r2);
}
// Executions: rc11 1, sc 1, tso 1
// Allowed rc11: r1=1 r2=0
