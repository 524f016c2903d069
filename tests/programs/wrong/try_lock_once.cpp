// std::mutex::try_lock may fail though nobody holds the mutex. Only on request: few ever met it.
#include <cassert>
#include <mutex>
#include <thread>

std::mutex mutex;

int main() {
  std::thread worker([] {
    const bool locked = mutex.try_lock();
    assert(locked);  // @assert
    if (locked) mutex.unlock();
  });
  worker.join();
}
// Expected: ASSERT
//   options: --spurious-try-lock 1
//   report: @assert
