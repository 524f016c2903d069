// Waits as they should be: in loops, so that neither a wait that ends without cause nor one
// that times out early does harm; a weak exchange in a loop; a try_lock that may fail.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

std::mutex mutex;
std::condition_variable condition;
int stage = 0;
std::atomic<int> count{0};

void add_weakly() {
  int seen = count.load();
  while (!count.compare_exchange_weak(seen, seen + 1)) {
  }
}

int main() {
  std::thread helper([] {
    add_weakly();
    std::unique_lock lock(mutex);
    condition.wait(lock, [] { return stage == 1; });
    stage = 2;
    condition.notify_all();
  });
  add_weakly();
  {
    const std::lock_guard lock(mutex);
    stage = 1;
    condition.notify_all();
  }
  std::unique_lock lock(mutex);
  while (stage != 2) condition.wait_for(lock, std::chrono::milliseconds(10));
  lock.unlock();
  helper.join();
  return count == 2 ? 0 : 1;
}
// Expected: nothing
//   options: --spurious 5 --weak 5 --delay 1000 --spurious-try-lock 3
