// A try_lock that fails synchronises with nothing: behind it the reader may still miss what the
// holder stored before its first critical section.
#include <atomic>
#include <mutex>
#include <thread>

int main() {
  std::atomic<int> value{0};
  std::mutex mutex;
  std::thread holder([&] {
    value.store(1, std::memory_order_relaxed);
    mutex.lock();
    mutex.unlock();
    mutex.lock();
  });
  std::thread reader([&] {
    if (mutex.try_lock()) {
      mutex.unlock();
    } else {
      static_cast<void>(value.load(std::memory_order_relaxed));
    }
  });
  holder.join();
  reader.join();
}
// It fails behind the first lock or the second, and reads 0 or 1; or it succeeds, in two places.
// Verify rc11: 6
