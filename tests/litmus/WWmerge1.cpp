// WWmerge1: two seq_cst writes to x of one thread, where a reader merges either with its acquire.
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
  std::thread two([] {
    x.store(1, std::memory_order_seq_cst);
    x.store(2, std::memory_order_seq_cst);
  });
  std::thread three([] {
    y.store(1, std::memory_order_seq_cst);
    r3 = x.load(std::memory_order_seq_cst);
  });
  one.join();
  two.join();
  three.join();
  std::printf("r1=%d r2=%d r3=%d\n", r1, r2, r3);
}
// Executions: rc11 17, sc 15, tso 15
// Forbidden tso: r1=1 r2=0 r3=0; r1=2 r2=0 r3=1
// Forbidden sc: r1=1 r2=0 r3=0; r1=2 r2=0 r3=1
// Executions as published: rc11 18, with r1=2 r2=0 r3=0 too. There a step of scb begins and ends
// with sb to another location; the count above lets it be any sb, and splits each RMW in two.
