// Three threads wait for one start signal, and notify_one wakes one of them.
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

std::mutex mutex;
std::condition_variable started;
bool go = false;

void run() {
  std::unique_lock lock(mutex);
  started.wait(lock, [] { return go; });  // @wait
}

int main() {
  std::vector<std::thread> runners;
  for (int i = 0; i < 3; ++i) runners.emplace_back(run);
  {
    const std::lock_guard lock(mutex);
    go = true;
  }
  started.notify_one();
  for (std::thread& runner : runners) runner.join();
  return 0;
}
// Expected: DEADLOCK
//   report: @wait
