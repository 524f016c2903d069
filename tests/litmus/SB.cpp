// SB: store buffering: each thread writes one variable, then reads the other.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> x{0};
std::atomic<int> y{0};
int r1;
int r2;

int main() {
  std::thread one([] {
    x.store(1, std::memory_order_release);
    r1 = y.load(std::memory_order_acquire);
  });
  std::thread two([] {
    y.store(1, std::memory_order_release);
    r2 = x.load(std::memory_order_acquire);
  });
  one.join();
  two.join();
  std::printf("r1=%d r2=%d\n", r1, r2);
}
// Executions: rc11 4, sc 3, tso 4
// Allowed rc11: r1=0 r2=0; r1=0 r2=1; r1=1 r2=0; r1=1 r2=1
// Forbidden sc: r1=0 r2=0
