// A watchdog of one second: whoever holds the lock sleeps longer than that.
#include <unistd.h>

#include <chrono>
#include <mutex>
#include <thread>

int main() {
  std::mutex mutex;
  std::thread slow([&mutex] {
    const std::scoped_lock lock(mutex);
    std::this_thread::sleep_for(std::chrono::seconds(2));
  });
  alarm(1);
  { const std::scoped_lock lock(mutex); }
  alarm(0);
  slow.join();
  return 0;
}
// Expected: EXIT
//   report: SIGALRM
