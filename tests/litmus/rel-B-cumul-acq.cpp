// rel-B-cumul-acq: cumul-release, with a fourth thread that acquires y.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> x{0};
std::atomic<int> y{0};
std::atomic<int> z{0};
int r1;
int r2;
int r3;
int r4;

int main() {
  std::thread one([] {
    x.store(1, std::memory_order_relaxed);
    y.store(1, std::memory_order_release);
  });
  std::thread two([] {
    r1 = y.load(std::memory_order_relaxed);
    z.store(r1, std::memory_order_relaxed);
  });
  std::thread three([] {
    r2 = z.load(std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_acq_rel);
    r3 = x.load(std::memory_order_relaxed);
  });
  std::thread four([] { r4 = y.load(std::memory_order_acquire); });
  one.join();
  two.join();
  three.join();
  four.join();
  std::printf("r1=%d r2=%d r3=%d r4=%d\n", r1, r2, r3, r4);
}
// Executions: rc11 16, sc 14, tso 14
// Allowed rc11: r1=0 r2=0 r3=0 r4=0; r1=0 r2=0 r3=0 r4=1; r1=0 r2=0 r3=1 r4=0; r1=0 r2=0 r3=1 r4=1;
//   r1=1 r2=0 r3=0 r4=0; r1=1 r2=0 r3=0 r4=1; r1=1 r2=0 r3=1 r4=0; r1=1 r2=0 r3=1 r4=1;
//   r1=1 r2=1 r3=0 r4=0; r1=1 r2=1 r3=0 r4=1; r1=1 r2=1 r3=1 r4=0; r1=1 r2=1 r3=1 r4=1
// Forbidden tso: r1=1 r2=1 r3=0 r4=0; r1=1 r2=1 r3=0 r4=1
// Forbidden sc: r1=1 r2=1 r3=0 r4=0; r1=1 r2=1 r3=0 r4=1
