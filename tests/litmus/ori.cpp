// ori: a CAS that fails or not, before or after an increment and a store behind it.
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
    r1 = x.fetch_add(1, std::memory_order_relaxed);
    y.store(1, std::memory_order_release);
  });
  std::thread two([] {
    r2 = 0;
    x.compare_exchange_strong(r2, 1, std::memory_order_acquire, std::memory_order_acquire);
  });
  std::thread three([] {
    r3 = y.load(std::memory_order_relaxed);
    if (r3 != 0) {
      x.store(4, std::memory_order_release);
    }
  });
  one.join();
  two.join();
  three.join();
  std::printf("r1=%d r2=%d r3=%d\n", r1, r2, r3);
}
// Executions: rc11 5, sc 5, tso 5
// Allowed rc11: r1=0 r2=1 r3=0; r1=0 r2=1 r3=1; r1=0 r2=4 r3=1; r1=1 r2=0 r3=0; r1=1 r2=0 r3=1
// Forbidden rc11: r1=0 r2=0 r3=0
