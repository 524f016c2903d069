// A notification that may come before the wait: somebody sleeps for ever.
#include <condition_variable>
#include <mutex>
#include <thread>

int main() {
  std::mutex mutex;
  std::condition_variable changed;
  std::thread waiter([&] {
    std::unique_lock lock(mutex);
    changed.wait(lock);
  });
  std::thread notifier([&] {
    const std::lock_guard lock(mutex);
    changed.notify_one();
  });
  waiter.join();
  notifier.join();
}
// Verify rc11: LOST-WAKEUP
