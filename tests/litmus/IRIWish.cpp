// IRIWish: two readers of two variables; the write to y copies what its thread read from x.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> x{0};
std::atomic<int> y{0};
int r1;
int r2;
int r3;
int r4;
int r5;

int main() {
  std::thread one([] { x.store(1, std::memory_order_relaxed); });
  std::thread two([] {
    r1 = x.load(std::memory_order_relaxed);
    y.store(r1, std::memory_order_release);
  });
  std::thread three([] {
    r2 = x.load(std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_acq_rel);
    r3 = y.load(std::memory_order_relaxed);
  });
  std::thread four([] {
    r4 = y.load(std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_acq_rel);
    r5 = x.load(std::memory_order_relaxed);
  });
  one.join();
  two.join();
  three.join();
  four.join();
  std::printf("r1=%d r2=%d r3=%d r4=%d r5=%d\n", r1, r2, r3, r4, r5);
}
// Executions: rc11 28, sc 27, tso 27
// Allowed rc11: r1=0 r2=0 r3=0 r4=0 r5=0; r1=0 r2=0 r3=0 r4=0 r5=1; r1=0 r2=1 r3=0 r4=0 r5=0;
//   r1=0 r2=1 r3=0 r4=0 r5=1; r1=1 r2=0 r3=0 r4=0 r5=0; r1=1 r2=0 r3=0 r4=0 r5=1;
//   r1=1 r2=0 r3=0 r4=1 r5=1; r1=1 r2=0 r3=1 r4=0 r5=0; r1=1 r2=0 r3=1 r4=0 r5=1;
//   r1=1 r2=0 r3=1 r4=1 r5=1; r1=1 r2=1 r3=0 r4=0 r5=0; r1=1 r2=1 r3=0 r4=0 r5=1;
//   r1=1 r2=1 r3=0 r4=1 r5=1; r1=1 r2=1 r3=1 r4=0 r5=0; r1=1 r2=1 r3=1 r4=0 r5=1;
//   r1=1 r2=1 r3=1 r4=1 r5=1
// Forbidden rc11: r1=1 r2=1 r3=0 r4=1 r5=0
