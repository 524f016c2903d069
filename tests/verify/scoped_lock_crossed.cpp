// Two locks taken by std::scoped_lock in different orders: who finds the second one taken gives the first
// one back and begins with the other, as often as it takes.
#include <mutex>
#include <thread>

int main() {
  std::mutex first;
  std::mutex second;
  int value = 0;
  std::thread other([&] {
    const std::scoped_lock both(second, first);
    ++value;
  });
  {
    const std::scoped_lock both(first, second);
    ++value;
  }
  other.join();
  return value == 2 ? 0 : 1;
}
// Verify rc11: verified
// Verify sc: verified
