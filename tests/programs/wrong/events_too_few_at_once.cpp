// The same while the waiter runs: notified after the lock is given back, so a notification may fall
// between the waiter's look and its sleep. But it looked after the last arrival.
#include <condition_variable>
#include <mutex>
#include <thread>

int main() {
  std::mutex mutex;
  std::condition_variable condition;
  int arrived = 0;
  const auto arrive = [&] {
    {
      const std::lock_guard lock(mutex);
      ++arrived;
    }
    condition.notify_one();
  };
  std::thread first(arrive);
  std::thread second(arrive);
  {
    std::unique_lock lock(mutex);
    while (arrived < 3) condition.wait(lock);  // @wait
  }
  first.join();
  second.join();
}
// Expected: DEADLOCK
//   report: @wait
