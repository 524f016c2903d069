// MP+incMP: message passing through an increment of z.
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
    r1 = y.load(std::memory_order_acquire);
    r2 = z.fetch_add(1, std::memory_order_acq_rel);
  });
  std::thread two([] {
    r3 = z.fetch_add(1, std::memory_order_acq_rel);
    r4 = x.load(std::memory_order_acquire);
  });
  std::thread three([] {
    x.store(1, std::memory_order_release);
    y.store(1, std::memory_order_release);
  });
  one.join();
  two.join();
  three.join();
  std::printf("r1=%d r2=%d r3=%d r4=%d\n", r1, r2, r3, r4);
}
// Executions: rc11 7, sc 7, tso 7
// Allowed rc11: r1=0 r2=0 r3=1 r4=0; r1=0 r2=0 r3=1 r4=1; r1=0 r2=1 r3=0 r4=0; r1=0 r2=1 r3=0 r4=1;
//   r1=1 r2=0 r3=1 r4=1; r1=1 r2=1 r3=0 r4=0; r1=1 r2=1 r3=0 r4=1
// Forbidden rc11: r1=1 r2=0 r3=1 r4=0
