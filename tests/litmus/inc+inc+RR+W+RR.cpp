// inc+inc+RR+W+RR: two increments and a write, seen by two threads that read twice.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> x{0};
int r1;
int r2;
int r3;
int r4;
int r5;
int r6;

int main() {
  std::thread one([] { r1 = x.fetch_add(1, std::memory_order_relaxed); });
  std::thread two([] { r2 = x.fetch_add(1, std::memory_order_relaxed); });
  std::thread three([] {
    r3 = x.load(std::memory_order_relaxed);
    r4 = x.load(std::memory_order_relaxed);
  });
  std::thread four([] { x.store(42, std::memory_order_relaxed); });
  std::thread five([] {
    r5 = x.load(std::memory_order_relaxed);
    r6 = x.load(std::memory_order_relaxed);
  });
  one.join();
  two.join();
  three.join();
  four.join();
  five.join();
  std::printf("r1=%d r2=%d r3=%d r4=%d r5=%d r6=%d\n", r1, r2, r3, r4, r5, r6);
}
// Executions: rc11 600, sc 600, tso 600
// Forbidden rc11: r1=0 r2=1 r3=42 r4=2 r5=1 r6=42
