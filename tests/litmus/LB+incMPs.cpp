// LB+incMPs: load buffering whose two halves pass messages through increments of w and z.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> x{0};
std::atomic<int> y{0};
std::atomic<int> w{0};
std::atomic<int> z{0};
int r1;
int r2;
int r3;
int r4;
int r5;
int r6;

int main() {
  std::thread one([] {
    r1 = x.load(std::memory_order_acquire);
    r2 = z.fetch_add(1, std::memory_order_acq_rel);
  });
  std::thread two([] {
    r3 = z.fetch_add(1, std::memory_order_acq_rel);
    y.store(1, std::memory_order_release);
  });
  std::thread three([] {
    r4 = y.load(std::memory_order_acquire);
    r5 = w.fetch_add(1, std::memory_order_acq_rel);
  });
  std::thread four([] {
    r6 = w.fetch_add(1, std::memory_order_acq_rel);
    x.store(1, std::memory_order_release);
  });
  one.join();
  two.join();
  three.join();
  four.join();
  std::printf("r1=%d r2=%d r3=%d r4=%d r5=%d r6=%d\n", r1, r2, r3, r4, r5, r6);
}
// Executions: rc11 15, sc 15, tso 15
// Allowed rc11: r1=0 r2=0 r3=1 r4=0 r5=0 r6=1; r1=0 r2=0 r3=1 r4=0 r5=1 r6=0;
//   r1=0 r2=0 r3=1 r4=1 r5=0 r6=1; r1=0 r2=0 r3=1 r4=1 r5=1 r6=0; r1=0 r2=1 r3=0 r4=0 r5=0 r6=1;
//   r1=0 r2=1 r3=0 r4=0 r5=1 r6=0; r1=0 r2=1 r3=0 r4=1 r5=0 r6=1; r1=0 r2=1 r3=0 r4=1 r5=1 r6=0;
//   r1=1 r2=0 r3=1 r4=0 r5=0 r6=1; r1=1 r2=0 r3=1 r4=0 r5=1 r6=0; r1=1 r2=0 r3=1 r4=1 r5=1 r6=0;
//   r1=1 r2=1 r3=0 r4=0 r5=0 r6=1; r1=1 r2=1 r3=0 r4=0 r5=1 r6=0; r1=1 r2=1 r3=0 r4=1 r5=0 r6=1;
//   r1=1 r2=1 r3=0 r4=1 r5=1 r6=0
// Forbidden rc11: r1=1 r2=0 r3=1 r4=1 r5=0 r6=1
