// A wait gives a recursive mutex back once; held twice, it stays locked while its holder sleeps.
#include <condition_variable>
#include <mutex>
#include <thread>

std::recursive_mutex mutex;
std::condition_variable_any changed;
bool ready = false;

void wait_until_ready() {
  std::unique_lock lock(mutex);
  changed.wait(lock, [] { return ready; });  // @wait
}

int main() {
  std::thread waiter([] {
    const std::lock_guard outer(mutex);
    wait_until_ready();
  });
  {
    const std::lock_guard lock(mutex);  // @set
    ready = true;
  }
  changed.notify_all();
  waiter.join();
  return 0;
}
// Expected: DEADLOCK
//   report: @wait
//   report: @set
