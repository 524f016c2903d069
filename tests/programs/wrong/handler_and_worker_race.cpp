// The handler runs in main's thread and counts what a worker counts under a lock.
#include <signal.h>
#include <unistd.h>

#include <mutex>
#include <thread>

namespace {
std::mutex mutex;
int count = 0;

void on_signal(int) { ++count; }  // @handler
}  // namespace

int main() {
  signal(SIGUSR1, on_signal);
  std::thread worker([] {
    const std::scoped_lock lock(mutex);
    ++count;
  });
  raise(SIGUSR1);
  worker.join();
  return 0;
}
// Expected: RACE
//   report: @handler
