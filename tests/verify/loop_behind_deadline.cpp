// A thread waits in a loop for one whose wait ends by its time: no livelock.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

int main() {
  std::atomic<bool> ready{false};
  std::thread teller([&] {
    std::mutex mutex;
    std::condition_variable never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, std::chrono::milliseconds(5));
    ready.store(true);
  });
  std::thread waiter([&] {
    while (!ready.load()) {
    }
  });
  teller.join();
  waiter.join();
}
// Verify rc11: verified
