// Three arrivals are awaited, and only two come. Both are notified of before the waiter waits; it
// sees them, so no notification was lost on it: the third arrival never comes.
#include <condition_variable>
#include <mutex>
#include <thread>

std::mutex mutex;
std::condition_variable condition;
int arrived = 0;

int main() {
  for (int i = 0; i < 2; ++i) {
    const std::lock_guard lock(mutex);
    ++arrived;
    condition.notify_one();
  }
  std::thread waiter([] {
    std::unique_lock lock(mutex);
    while (arrived < 3) condition.wait(lock);  // @wait
  });
  waiter.join();
}
// Expected: DEADLOCK
//   report: @wait
//   report: the thread looked again after it
