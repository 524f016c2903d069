// Who notifies a condition does not synchronise with who waits for it: what the waiter stored
// before may be missed behind the notification, in each order of the two.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

int main() {
  std::atomic<int> value{0};
  std::mutex mutex;
  std::condition_variable changed;
  std::thread waiter([&] {
    std::unique_lock lock(mutex);
    value.store(1, std::memory_order_relaxed);
    changed.wait_for(lock, std::chrono::milliseconds(1));
  });
  std::thread notifier([&] {
    changed.notify_one();
    static_cast<void>(value.load(std::memory_order_relaxed));
  });
  waiter.join();
  notifier.join();
}
// Seven orders of the operations on condition and mutex, in each of which either value is read.
// Verify rc11: 14
