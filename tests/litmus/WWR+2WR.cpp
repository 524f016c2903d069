// WWR+2WR: three threads that assume what cannot hold together: no execution is complete.
#include <atomic>
#include <cstdio>
#include <thread>

#include "assume.hpp"

std::atomic<int> x{0};
std::atomic<int> y{0};
std::atomic<int> z{0};
int r1;
int r2;
int r3;

int main() {
  std::thread one([] {
    x.store(1);
    y.store(1);
    r1 = z.load();
    assume(r1 == 0);
  });
  std::thread two([] {
    z.store(1);
    r2 = y.load();
    assume(r2 == 2);
  });
  std::thread three([] {
    y.store(2);
    r3 = x.load();
    assume(r3 == 0);
  });
  one.join();
  two.join();
  three.join();
  std::printf("r1=%d r2=%d r3=%d\n", r1, r2, r3);
}
// Executions: rc11 0, sc 0, tso 0
