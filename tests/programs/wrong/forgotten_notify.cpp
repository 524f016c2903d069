// The value is set under the lock, and nobody is told.
#include <condition_variable>
#include <mutex>
#include <thread>

std::mutex mutex;
std::condition_variable condition;
bool ready = false;

int main() {
  std::thread waiter([] {
    std::unique_lock lock(mutex);
    condition.wait(lock, [] { return ready; });  // @wait
  });
  {
    const std::lock_guard lock(mutex);
    ready = true;
  }
  waiter.join();  // @join
}
// Expected: DEADLOCK
//   report: @wait
//   report: @join
//   report: main waits for the end of T1
