// Waits that time out, on the steady and the system clock, with and without a predicate, and
// one that is notified in time. Virtual time: ten minutes cost nothing.
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

using namespace std::chrono_literals;

int main() {
  std::mutex mutex;
  std::condition_variable condition;
  bool ready = false;
  std::unique_lock lock(mutex);

  const auto began = std::chrono::steady_clock::now();
  // A wait may end without cause, and then has not timed out.
  if (condition.wait_for(lock, 10min) == std::cv_status::timeout &&
      std::chrono::steady_clock::now() - began < 10min) {
    return 2;
  }
  const auto soon = std::chrono::system_clock::now() + 1s;
  while (condition.wait_until(lock, soon) != std::cv_status::timeout) {
  }
  if (std::chrono::system_clock::now() < soon) return 3;
  if (condition.wait_for(lock, 1s, [&ready] { return ready; })) return 4;
  if (condition.wait_until(lock, std::chrono::steady_clock::now() - 1s, [] { return false; })) {
    return 5;
  }

  std::thread helper([&] {
    std::this_thread::sleep_for(20ms);
    const std::lock_guard guard(mutex);
    ready = true;
    condition.notify_all();
  });
  const bool in_time = condition.wait_for(lock, 1h, [&ready] { return ready; });
  lock.unlock();
  helper.join();
  return in_time ? 0 : 6;
}
// Expected: nothing
