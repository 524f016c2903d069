// 2+2W+3sc+rel2: two threads write two variables in opposite orders, all seq_cst but the last
// store of the second thread.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> x{0};
std::atomic<int> y{0};

int main() {
  std::thread one([] {
    x.store(1, std::memory_order_seq_cst);
    y.store(2, std::memory_order_seq_cst);
  });
  std::thread two([] {
    y.store(1, std::memory_order_seq_cst);
    x.store(2, std::memory_order_release);
  });
  one.join();
  two.join();
  std::printf("x=%d y=%d\n", x.load(std::memory_order_relaxed), y.load(std::memory_order_relaxed));
}
// Executions: rc11 4, sc 3, tso 3
// Allowed rc11: x=1 y=1; x=1 y=2; x=2 y=1; x=2 y=2
// Forbidden tso: x=1 y=1
// Forbidden sc: x=1 y=1
