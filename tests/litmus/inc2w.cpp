// inc2w: two increments and a write: every order of the three is a different sum.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> x{0};
int r1;
int r2;

int main() {
  std::thread one([] { r1 = x.fetch_add(1, std::memory_order_relaxed); });
  std::thread two([] { x.store(4, std::memory_order_release); });
  std::thread three([] { r2 = x.fetch_add(2, std::memory_order_relaxed); });
  one.join();
  two.join();
  three.join();
  std::printf("r1=%d r2=%d x=%d\n", r1, r2, x.load(std::memory_order_relaxed));
}
// Executions: rc11 6, sc 6, tso 6
// Allowed rc11: r1=0 r2=1 x=4; r1=0 r2=4 x=6; r1=2 r2=0 x=4; r1=4 r2=0 x=5; r1=4 r2=5 x=7;
//   r1=6 r2=4 x=7
// Forbidden rc11: r1=0 r2=0 x=4
