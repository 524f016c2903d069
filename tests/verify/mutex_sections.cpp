// Three threads of two critical sections: 6! / (2!)^3 orders.
#include <cassert>
#include <mutex>
#include <thread>

int main() {
  std::mutex mutex;
  int value = 0;
  const auto add_twice = [&] {
    for (int i = 0; i < 2; ++i) {
      const std::lock_guard lock(mutex);
      ++value;
    }
  };
  std::thread one(add_twice);
  std::thread two(add_twice);
  std::thread three(add_twice);
  one.join();
  two.join();
  three.join();
  assert(value == 6);
}
// Verify rc11: 90
// Verify sc: 90
// Verify tso: 90
