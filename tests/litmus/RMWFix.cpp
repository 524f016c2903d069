// RMWFix: two increments that stand behind a condition against one that does not.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> x{0};
std::atomic<int> y{0};
int r1;
int r2 = -1;  // -1: not reached
int r3 = -1;  // -1: not reached
int r4;

int main() {
  std::thread one([] {
    r1 = y.load();
    if (r1 != 0) {
      r2 = x.fetch_add(1);
      r3 = x.fetch_add(1);
    }
  });
  std::thread two([] { r4 = x.fetch_add(1); });
  std::thread three([] { y.store(42); });
  one.join();
  two.join();
  three.join();
  std::printf("r1=%d r2=%d r3=%d r4=%d\n", r1, r2, r3, r4);
}
// Executions: rc11 4, sc 4, tso 4
// Allowed rc11: r1=0 r2=-1 r3=-1 r4=0; r1=42 r2=0 r3=1 r4=2; r1=42 r2=0 r3=2 r4=1;
//   r1=42 r2=1 r3=2 r4=0
// Forbidden rc11: r1=42 r2=0 r3=1 r4=1
