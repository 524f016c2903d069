// The flag is atomic, but it changes without the lock: the notification may fall between the
// waiter's look at the flag and its sleep, and is lost.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

std::mutex mutex;
std::condition_variable condition;
std::atomic<bool> ready{false};

int main() {
  std::thread waiter([] {
    std::unique_lock lock(mutex);
    while (!ready) {
      condition.wait(lock);  // @wait
    }
  });
  ready = true;
  condition.notify_one();  // @notify
  waiter.join();
}
// Expected: LOST-WAKEUP
//   report: @wait
//   report: the notify ran before the wait began
