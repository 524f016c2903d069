// Three threads, one of which makes what all need.
#include <cassert>
#include <mutex>
#include <thread>

int main() {
  std::once_flag once;
  int value = 0;
  const auto need = [&] {
    std::call_once(once, [&] { ++value; });
    assert(value == 1);
  };
  std::thread one(need);
  std::thread two(need);
  std::thread three(need);
  one.join();
  two.join();
  three.join();
}
// Verify rc11: 6
