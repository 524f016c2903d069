// std::jthread, its stop_token, a stop_callback, and a condition_variable_any that a stop wakes.
// Where the worker is quick, its callback is gone before the stop gets to call it.
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

int main() {
  std::mutex mutex;
  std::condition_variable_any changed;
  bool ready = false;
  int rounds = 0;
  int calls = 0;
  {
    std::jthread worker([&](std::stop_token stop) {
      const std::stop_callback note(stop, [&calls] { ++calls; });
      std::unique_lock lock(mutex);
      while (changed.wait(lock, stop, [&ready] { return ready; })) {
        ready = false;
        ++rounds;
      }
    });
    for (int i = 0; i < 2; ++i) {
      const std::lock_guard lock(mutex);
      ready = true;
      changed.notify_one();
    }
  }  // asks the worker to stop, and joins it
  return calls <= 1 && rounds <= 2 ? 0 : 1;
}
// Expected: nothing
