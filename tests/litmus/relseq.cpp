// relseq: a release store, a relaxed store of its thread and an exchange of another.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> x{0};
std::atomic<int> y{0};
int r1;
int r2;
int r3;

int main() {
  std::thread one([] {
    x.store(1, std::memory_order_relaxed);
    y.store(1, std::memory_order_release);
    y.store(2, std::memory_order_relaxed);
  });
  std::thread two([] { r1 = y.exchange(3, std::memory_order_relaxed); });
  std::thread three([] {
    r2 = y.load(std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_acq_rel);
    r3 = x.load(std::memory_order_relaxed);
  });
  one.join();
  two.join();
  three.join();
  std::printf("r1=%d r2=%d r3=%d\n", r1, r2, r3);
}
// Executions: rc11 20, sc 16, tso 16
// Forbidden tso: r1=0 r2=2 r3=0; r1=1 r2=2 r3=0; r1=2 r2=2 r3=0; r1=2 r2=3 r3=0
// Forbidden sc: r1=0 r2=2 r3=0; r1=1 r2=2 r3=0; r1=2 r2=2 r3=0; r1=2 r2=3 r3=0
// Forbidden rc11: r1=1 r2=3 r3=0
