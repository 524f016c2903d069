// The result of a timed wait is not looked at: when the answer takes longer, nothing is used.
#include <cassert>
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

std::mutex mutex;
std::condition_variable condition;
int answer = 0;

int main() {
  std::thread worker([] {
    const std::lock_guard lock(mutex);
    answer = 42;
    condition.notify_one();
  });
  int got = 0;
  {
    std::unique_lock lock(mutex);
    condition.wait_for(lock, std::chrono::milliseconds(100), [] { return answer != 0; });
    got = answer;
  }
  worker.join();
  assert(got == 42);  // @assert
}
// Expected: ASSERT
//   report: @assert
