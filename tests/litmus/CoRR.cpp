// CoRR: coherence of two reads: a thread that reads x twice never sees it go back.
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
    x.store(2, std::memory_order_release);
  });
  std::thread two([] {
    r1 = x.load(std::memory_order_acquire);
    r2 = x.load(std::memory_order_acquire);
  });
  one.join();
  two.join();
  std::printf("r1=%d r2=%d\n", r1, r2);
}
// Executions: rc11 6, sc 6, tso 6
// Allowed rc11: r1=0 r2=0; r1=0 r2=1; r1=0 r2=2; r1=1 r2=1; r1=1 r2=2; r1=2 r2=2
// Forbidden rc11: r1=2 r2=1
