// Readers of a read-write lock do not synchronise with each other.
#include <atomic>
#include <shared_mutex>
#include <thread>

int main() {
  std::atomic<int> before{0};
  std::atomic<int> inside{0};
  std::shared_mutex mutex;
  std::thread first([&] {
    before.store(1, std::memory_order_relaxed);
    const std::shared_lock lock(mutex);
    inside.store(1, std::memory_order_relaxed);
  });
  std::thread second([&] {
    const std::shared_lock lock(mutex);
    static_cast<void>(inside.load(std::memory_order_relaxed));
    static_cast<void>(before.load(std::memory_order_relaxed));
  });
  first.join();
  second.join();
}
// Six orders of lock and unlock, in each 2 x 2 values; but where all of the second thread's comes
// first, it cannot read what the first stores inside.
// Verify rc11: 22
