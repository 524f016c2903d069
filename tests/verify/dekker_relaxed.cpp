// Each raises its flag and looks at the other's. By seq_cst one at least sees the other; these are
// weaker, and on x86 too both may go in.
#include <atomic>
#include <cassert>
#include <thread>

int main() {
  std::atomic<int> flags[2] = {0, 0};
  std::atomic<int> inside{0};
  const auto enter = [&](int me) {
    flags[me].store(1, std::memory_order_release);
    if (flags[1 - me].load(std::memory_order_acquire) == 0) inside.fetch_add(1);
  };
  std::thread one(enter, 0);
  std::thread two(enter, 1);
  one.join();
  two.join();
  assert(inside.load() <= 1);
}
// Verify sc: 3
// Verify tso: ASSERT
// Verify rc11: ASSERT
