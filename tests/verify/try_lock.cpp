// One locks, one tries: before, after, or in vain in between.
#include <cassert>
#include <mutex>
#include <thread>

int main() {
  std::mutex mutex;
  int value = 0;
  bool tried = false;
  std::thread one([&] {
    const std::lock_guard lock(mutex);
    ++value;
  });
  std::thread two([&] {
    const std::unique_lock lock(mutex, std::try_to_lock);
    tried = lock.owns_lock();
    if (tried) ++value;
  });
  one.join();
  two.join();
  assert(value == (tried ? 2 : 1));
}
// Verify rc11: 3
