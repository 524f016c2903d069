// Z6.U: Z6 with a seq_cst increment: the RMW does not order what the release store left open.
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
    x.store(1);
    y.store(1, std::memory_order_release);
  });
  std::thread two([] {
    r1 = y.fetch_add(1);
    r2 = y.load(std::memory_order_relaxed);
  });
  std::thread three([] {
    y.store(3);
    r3 = x.load();
  });
  one.join();
  two.join();
  three.join();
  std::printf("r1=%d r2=%d r3=%d\n", r1, r2, r3);
}
// Executions: rc11 22, sc 18, tso 18
// Allowed rc11: r1=0 r2=1 r3=0; r1=0 r2=1 r3=1; r1=0 r2=3 r3=0; r1=0 r2=3 r3=1; r1=1 r2=2 r3=0;
//   r1=1 r2=2 r3=1; r1=1 r2=3 r3=1; r1=3 r2=1 r3=0; r1=3 r2=1 r3=1; r1=3 r2=4 r3=0; r1=3 r2=4 r3=1
// Executions as published: rc11 24, with r1=1 r2=3 r3=0 too. There a step of scb begins and ends
// with sb to another location; the count above lets it be any sb, and splits each RMW in two.
