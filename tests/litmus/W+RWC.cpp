// W+RWC: read-to-write causality, where the first read takes over a message.
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
    x.store(1, std::memory_order_relaxed);
    z.store(1, std::memory_order_release);
  });
  std::thread two([] {
    r1 = z.load(std::memory_order_acquire);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    r2 = y.load(std::memory_order_relaxed);
  });
  std::thread three([] {
    y.store(1, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    r3 = x.load(std::memory_order_relaxed);
  });
  one.join();
  two.join();
  three.join();
  std::printf("r1=%d r2=%d r3=%d\n", r1, r2, r3);
}
// Executions: rc11 7, sc 7, tso 7
// Allowed rc11: r1=0 r2=0 r3=0; r1=0 r2=0 r3=1; r1=0 r2=1 r3=0; r1=0 r2=1 r3=1; r1=1 r2=0 r3=1;
//   r1=1 r2=1 r3=0; r1=1 r2=1 r3=1
// Forbidden rc11: r1=1 r2=0 r3=0
