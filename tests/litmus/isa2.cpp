// isa2: message passing through a thread in the middle.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> a{0};
std::atomic<int> b{0};
std::atomic<int> c{0};
int r1;
int r2;
int r3;

int main() {
  std::thread one([] {
    a.store(1, std::memory_order_relaxed);
    b.store(1, std::memory_order_release);
  });
  std::thread two([] {
    r1 = b.load(std::memory_order_acquire);
    c.store(1, std::memory_order_release);
  });
  std::thread three([] {
    r2 = c.load(std::memory_order_acquire);
    r3 = a.load(std::memory_order_relaxed);
  });
  one.join();
  two.join();
  three.join();
  std::printf("r1=%d r2=%d r3=%d\n", r1, r2, r3);
}
// Executions: rc11 7, sc 7, tso 7
// Allowed rc11: r1=0 r2=0 r3=0; r1=0 r2=0 r3=1; r1=0 r2=1 r3=0; r1=0 r2=1 r3=1; r1=1 r2=0 r3=0;
//   r1=1 r2=0 r3=1; r1=1 r2=1 r3=1
// Forbidden rc11: r1=1 r2=1 r3=0
