// WWmerge2: a seq_cst write to x, read by acquire in one thread and by seq_cst in another.
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
    r1 = x.load(std::memory_order_acquire);
    r2 = y.load(std::memory_order_seq_cst);
  });
  std::thread two([] { x.store(2, std::memory_order_seq_cst); });
  std::thread three([] {
    y.store(1, std::memory_order_seq_cst);
    r3 = x.load(std::memory_order_seq_cst);
  });
  one.join();
  two.join();
  three.join();
  std::printf("r1=%d r2=%d r3=%d\n", r1, r2, r3);
}
// Executions: rc11 8, sc 7, tso 7
// Allowed rc11: r1=0 r2=0 r3=0; r1=0 r2=0 r3=2; r1=0 r2=1 r3=0; r1=0 r2=1 r3=2; r1=2 r2=0 r3=0;
//   r1=2 r2=0 r3=2; r1=2 r2=1 r3=0; r1=2 r2=1 r3=2
// Forbidden tso: r1=2 r2=0 r3=0
// Forbidden sc: r1=2 r2=0 r3=0
