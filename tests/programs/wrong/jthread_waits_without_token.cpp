// A jthread is asked to stop at the end of its scope, and waits on a condition that knows
// nothing of stop tokens.
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

std::mutex mutex;
std::condition_variable work_came;
int jobs = 0;

int main() {
  std::jthread worker([](const std::stop_token& stop) {
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
      work_came.wait(lock);  // @wait
      --jobs;
    }
  });
  return 0;
}
// Expected: DEADLOCK
//   report: @wait
