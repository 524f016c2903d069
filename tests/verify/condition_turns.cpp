// Producer and consumer by a condition variable: the wait is looked at in every order.
#include <cassert>
#include <condition_variable>
#include <mutex>
#include <thread>

int main() {
  std::mutex mutex;
  std::condition_variable changed;
  int item = 0;
  std::thread producer([&] {
    {
      const std::lock_guard lock(mutex);
      item = 1;
    }
    changed.notify_one();
  });
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return item != 0; });
    assert(item == 1);
  }
  producer.join();
}
// Verify rc11: verified
