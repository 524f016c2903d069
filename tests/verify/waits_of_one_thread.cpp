// Several waits of one thread: the first ends by itself, which the second may not any more, and the
// third ends by its time. A replay must not take the answer to one for that to another.
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

int main() {
  std::mutex mutex;
  std::condition_variable changed;
  bool told = false;
  bool by_itself = false;
  bool timed_out = false;
  std::unique_lock lock(mutex);
  std::thread teller([&] {
    const std::lock_guard own(mutex);
    told = true;
    changed.notify_one();
  });
  changed.wait(lock);
  if (!told) {
    by_itself = true;
    changed.wait(lock);
  }
  timed_out = changed.wait_for(lock, std::chrono::milliseconds(5)) == std::cv_status::timeout;
  lock.unlock();
  teller.join();
  return by_itself && timed_out ? 1 : 0;
}
// Verify rc11: EXIT
