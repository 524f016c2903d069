// W+JW: a thread that joins the writer of x sees the write.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> x{0};
std::atomic<int> y{0};
int r1;

int main() {
  std::thread one([] { x.store(42, std::memory_order_relaxed); });
  std::thread two([&] {
    one.join();
    r1 = x.load(std::memory_order_relaxed);
    y.store(42, std::memory_order_relaxed);
  });
  two.join();
  std::printf("r1=%d\n", r1);
}
// Executions: rc11 1, sc 1, tso 1
// Allowed rc11: r1=42
// Forbidden rc11: r1=0
