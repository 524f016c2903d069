// wait_for without a predicate: that it returned is taken for the news, though the time was up.
#include <cassert>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

std::mutex mutex;
std::condition_variable changed;
int answer = 0;

int main() {
  using namespace std::chrono_literals;
  std::thread worker([] {
    std::this_thread::sleep_for(20ms);
    const std::lock_guard lock(mutex);
    answer = 42;
    changed.notify_one();
  });
  {
    std::unique_lock lock(mutex);
    changed.wait_for(lock, 10ms);
    assert(answer == 42);  // @assert
  }
  worker.join();
  return 0;
}
// Expected: ASSERT
//   report: @assert
