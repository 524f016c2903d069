// SB+rfis: store buffering, where each thread first reads back its own release store.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> x{0};
std::atomic<int> y{0};
int r1;
int r2;
int r3;
int r4;

int main() {
  std::thread one([] {
    x.store(1, std::memory_order_release);
    r1 = x.load(std::memory_order_seq_cst);
    r2 = y.load(std::memory_order_seq_cst);
  });
  std::thread two([] {
    y.store(1, std::memory_order_release);
    r3 = y.load(std::memory_order_seq_cst);
    r4 = x.load(std::memory_order_seq_cst);
  });
  one.join();
  two.join();
  std::printf("r1=%d r2=%d r3=%d r4=%d\n", r1, r2, r3, r4);
}
// Executions: rc11 4, sc 3, tso 4
// Allowed rc11: r1=1 r2=0 r3=1 r4=0; r1=1 r2=0 r3=1 r4=1; r1=1 r2=1 r3=1 r4=0; r1=1 r2=1 r3=1 r4=1
// Forbidden sc: r1=1 r2=0 r3=1 r4=0
