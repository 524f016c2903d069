// The check comes before the lock: the flag may be set, and notified of, in between. The notifier
// does everything under the lock, but the waiter does not look again under it.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

int main() {
  std::mutex mutex;
  std::condition_variable condition;
  std::atomic<bool> ready{false};
  std::thread waiter([&] {
    if (!ready) {
      std::unique_lock lock(mutex);
      condition.wait(lock);  // @wait
    }
  });
  {
    const std::lock_guard lock(mutex);
    ready = true;
    condition.notify_one();
  }
  waiter.join();
}
// Expected: LOST-WAKEUP
//   report: @wait
//   report: the notify ran before the wait began
