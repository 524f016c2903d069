// small1: a thread that reads three variables, two of which one thread writes in order.
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
    r1 = y.load(std::memory_order_acquire);
    r2 = z.load(std::memory_order_acquire);
    r3 = x.load(std::memory_order_acquire);
  });
  std::thread two([] { x.store(1, std::memory_order_release); });
  std::thread three([] {
    y.store(1, std::memory_order_release);
    z.store(1, std::memory_order_release);
  });
  one.join();
  two.join();
  three.join();
  std::printf("r1=%d r2=%d r3=%d\n", r1, r2, r3);
}
// Executions: rc11 8, sc 8, tso 8
// Allowed rc11: r1=0 r2=0 r3=0; r1=0 r2=0 r3=1; r1=0 r2=1 r3=0; r1=0 r2=1 r3=1; r1=1 r2=0 r3=0;
//   r1=1 r2=0 r3=1; r1=1 r2=1 r3=0; r1=1 r2=1 r3=1
