// MCP-rrw: two writers and one reader of one variable.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> x{0};
int r1;

int main() {
  std::thread one([] { x.store(1, std::memory_order_release); });
  std::thread two([] { x.store(2, std::memory_order_release); });
  std::thread three([] { r1 = x.load(std::memory_order_acquire); });
  one.join();
  two.join();
  three.join();
  std::printf("r1=%d x=%d\n", r1, x.load(std::memory_order_relaxed));
}
// Executions: rc11 6, sc 6, tso 6
// Allowed rc11: r1=0 x=1; r1=0 x=2; r1=1 x=1; r1=1 x=2; r1=2 x=1; r1=2 x=2
