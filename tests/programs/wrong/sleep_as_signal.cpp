// "By then the worker has surely started": a sleep is no order, however the lock protects the
// data.
#include <cassert>
#include <chrono>
#include <mutex>
#include <thread>

std::mutex mutex;
bool configured = false;

int main() {
  std::thread worker([] {
    const std::lock_guard lock(mutex);
    configured = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  {
    const std::lock_guard lock(mutex);
    assert(configured);  // @assert
  }
  worker.join();
}
// Expected: ASSERT
//   report: @assert
