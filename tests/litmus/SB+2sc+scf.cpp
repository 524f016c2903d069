// SB+2sc+scf: store buffering: a thread of seq_cst accesses against one with a seq_cst fence.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> x{0};
std::atomic<int> y{0};
int r1;
int r2;

int main() {
  std::thread one([] {
    x.store(1, std::memory_order_seq_cst);
    r1 = y.load(std::memory_order_seq_cst);
  });
  std::thread two([] {
    y.store(1, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    r2 = x.load(std::memory_order_relaxed);
  });
  one.join();
  two.join();
  std::printf("r1=%d r2=%d\n", r1, r2);
}
// Executions: rc11 3, sc 3, tso 3
// Allowed rc11: r1=0 r2=1; r1=1 r2=0; r1=1 r2=1
// Forbidden rc11: r1=0 r2=0
