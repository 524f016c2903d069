// MP2: two messages behind one fence, each with a reader of its own.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> a{0};
std::atomic<int> b{0};
std::atomic<int> c{0};
std::atomic<int> d{0};
int r1;
int r2;
int r3;
int r4;

int main() {
  std::thread one([] {
    a.store(1, std::memory_order_relaxed);
    c.store(1, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_acq_rel);
    b.store(1, std::memory_order_relaxed);
    d.store(1, std::memory_order_relaxed);
  });
  std::thread two([] {
    r1 = b.load(std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_acq_rel);
    r2 = a.load(std::memory_order_relaxed);
  });
  std::thread three([] {
    r3 = d.load(std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_acq_rel);
    r4 = c.load(std::memory_order_relaxed);
  });
  one.join();
  two.join();
  three.join();
  std::printf("r1=%d r2=%d r3=%d r4=%d\n", r1, r2, r3, r4);
}
// Executions: rc11 9, sc 9, tso 9
// Allowed rc11: r1=0 r2=0 r3=0 r4=0; r1=0 r2=0 r3=0 r4=1; r1=0 r2=0 r3=1 r4=1; r1=0 r2=1 r3=0 r4=0;
//   r1=0 r2=1 r3=0 r4=1; r1=0 r2=1 r3=1 r4=1; r1=1 r2=1 r3=0 r4=0; r1=1 r2=1 r3=0 r4=1;
//   r1=1 r2=1 r3=1 r4=1
// Forbidden rc11: r1=1 r2=0 r3=1 r4=0
