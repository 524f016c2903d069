// LB+addr-fun: load buffering, where the dependent read stands in a function.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> x{0};
std::atomic<int> y[2];
int r1;
int r2;
int r3;

// The read depends on what the caller has read.
void read_and_write(int index) {
  r2 = y[index].load(std::memory_order_relaxed);
  y[0].store(1, std::memory_order_relaxed);
}

int main() {
  std::thread one([] {
    r1 = x.load(std::memory_order_relaxed);
    read_and_write(r1);
  });
  std::thread two([] {
    r3 = y[0].load(std::memory_order_relaxed);
    x.store(r3, std::memory_order_release);
  });
  one.join();
  two.join();
  std::printf("r1=%d r2=%d r3=%d\n", r1, r2, r3);
}
// Executions: rc11 3, sc 3, tso 3
// Allowed rc11: r1=0 r2=0 r3=0; r1=0 r2=0 r3=1
// Forbidden rc11: r1=1 r2=0 r3=1
