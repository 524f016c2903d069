// A wait without a predicate: where the notification comes first, the waiter sleeps for ever.
#include <condition_variable>
#include <mutex>
#include <thread>

std::mutex mutex;
std::condition_variable condition;

int main() {
  std::thread waiter([] {
    std::unique_lock lock(mutex);
    condition.wait(lock);  // @wait
  });
  {
    const std::lock_guard lock(mutex);
    condition.notify_one();
  }
  waiter.join();
}
// Expected: LOST-WAKEUP
//   report: @wait
