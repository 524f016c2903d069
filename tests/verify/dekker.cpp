// The same with seq_cst: never both.
#include <atomic>
#include <cassert>
#include <thread>

int main() {
  std::atomic<int> flags[2] = {0, 0};
  std::atomic<int> inside{0};
  const auto enter = [&](int me) {
    flags[me].store(1);
    if (flags[1 - me].load() == 0) inside.fetch_add(1);
  };
  std::thread one(enter, 0);
  std::thread two(enter, 1);
  one.join();
  two.join();
  assert(inside.load() <= 1);
}
// Verify sc: 3
// Verify tso: 3
// Verify rc11: 3
