// Everybody is notified, but the predicate asks for one more than there will ever be.
#include <condition_variable>
#include <mutex>
#include <thread>

std::mutex mutex;
std::condition_variable condition;
int arrived = 0;

int main() {
  std::thread waiter([] {
    std::unique_lock lock(mutex);
    condition.wait(lock, [] { return arrived == 3; });  // @wait
  });
  for (int i = 0; i < 2; ++i) {
    const std::lock_guard lock(mutex);
    ++arrived;
    condition.notify_all();
  }
  waiter.join();
}
// Expected: DEADLOCK
//   report: @wait
