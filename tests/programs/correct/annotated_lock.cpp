// Locks of the program's own whose atomics order nothing: the annotations say what they promise.
#include <sanitizer/tsan_interface.h>

#include <atomic>
#include <thread>

namespace {

class Lock {
 public:
  Lock() { __tsan_mutex_create(this, 0); }
  ~Lock() { __tsan_mutex_destroy(this, 0); }
  void lock() {
    __tsan_mutex_pre_lock(this, 0);
    while (taken_.exchange(true, std::memory_order_relaxed)) std::this_thread::yield();
    ++count_;  // plain, and the lock's own affair
    __tsan_mutex_post_lock(this, 0, 0);
  }
  bool try_lock() {
    __tsan_mutex_pre_lock(this, __tsan_mutex_try_lock);
    const bool failed = taken_.exchange(true, std::memory_order_relaxed);
    __tsan_mutex_post_lock(this,
                           __tsan_mutex_try_lock | (failed ? __tsan_mutex_try_lock_failed : 0), 0);
    return !failed;
  }
  void unlock() {
    __tsan_mutex_pre_unlock(this, 0);
    ++count_;
    taken_.store(false, std::memory_order_relaxed);
    __tsan_mutex_post_unlock(this, 0);
  }

 private:
  std::atomic<bool> taken_{false};
  int count_ = 0;
};

Lock lock;
int value = 0;

void work() {
  lock.lock();
  ++value;
  lock.unlock();
  if (lock.try_lock()) {
    ++value;
    lock.unlock();
  }
}

}  // namespace

int main() {
  std::thread one(work);
  std::thread two(work);
  one.join();
  two.join();
  return value >= 3 ? 0 : 1;
}

// Expected: nothing
