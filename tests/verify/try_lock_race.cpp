// try_lock_that_fails.cpp with a plain variable: what its atomic may miss is a race here.
#include <mutex>
#include <thread>

int main() {
  int value = 0;
  std::mutex mutex;
  std::thread holder([&] {
    value = 1;
    mutex.lock();
    mutex.unlock();
    mutex.lock();
  });
  int seen = 0;
  std::thread reader([&] {
    if (mutex.try_lock()) {
      mutex.unlock();
    } else {
      seen = value;
    }
  });
  holder.join();
  reader.join();
  return seen == 2;
}
// Verify rc11: RACE
