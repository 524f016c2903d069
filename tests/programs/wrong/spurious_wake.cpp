// A wait without a loop: a notify comes only when the data are there, but a wait may also end
// without one.
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>

std::mutex mutex;
std::condition_variable condition;
bool ready = false;
bool waiting = false;

int main() {
  std::thread consumer([] {
    std::unique_lock lock(mutex);
    waiting = true;
    condition.wait(lock);
    if (!ready) std::abort();  // @abort
  });
  for (;;) {
    const std::lock_guard lock(mutex);
    if (!waiting) continue;
    ready = true;
    condition.notify_one();
    break;
  }
  consumer.join();
}
// Expected: ABORT
//   report: @abort
