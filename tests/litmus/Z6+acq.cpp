// Z6+acq: Z6: a chain through a read, the order of two writes, and a read of an old value.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> a{0};
std::atomic<int> b{0};
std::atomic<int> c{0};
int r1;
int r2;

int main() {
  std::thread one([] {
    a.store(1, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    b.store(1, std::memory_order_relaxed);
  });
  std::thread two([] {
    r1 = b.load(std::memory_order_acquire);
    c.store(1, std::memory_order_relaxed);
  });
  std::thread three([] {
    c.store(2, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    r2 = a.load(std::memory_order_relaxed);
  });
  one.join();
  two.join();
  three.join();
  std::printf("r1=%d r2=%d c=%d\n", r1, r2, c.load(std::memory_order_relaxed));
}
// Executions: rc11 7, sc 7, tso 7
// Allowed rc11: r1=0 r2=0 c=1; r1=0 r2=0 c=2; r1=0 r2=1 c=1; r1=0 r2=1 c=2; r1=1 r2=0 c=1;
//   r1=1 r2=1 c=1; r1=1 r2=1 c=2
// Forbidden rc11: r1=1 r2=0 c=2
