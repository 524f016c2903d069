// 2+2W: two threads write two variables, and what remains is each thread's first store.
#include <atomic>
#include <cassert>
#include <thread>

std::atomic<int> x{0};
std::atomic<int> y{0};

int main() {
  std::thread one([] {
    x.store(1, std::memory_order_relaxed);
    y.store(2, std::memory_order_relaxed);
  });
  std::thread two([] {
    y.store(1, std::memory_order_relaxed);
    x.store(2, std::memory_order_relaxed);
  });
  one.join();
  two.join();
  assert(x.load(std::memory_order_relaxed) != 1 || y.load(std::memory_order_relaxed) != 1);
}
