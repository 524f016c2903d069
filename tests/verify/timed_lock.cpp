// A lock with a time limit: had in time, or too late while the other one holds it.
#include <cassert>
#include <chrono>
#include <mutex>
#include <thread>

int main() {
  std::timed_mutex mutex;
  int value = 0;
  int had = 0;
  const auto add = [&] {
    if (!mutex.try_lock_for(std::chrono::milliseconds(100))) return;
    ++value;
    ++had;
    mutex.unlock();
  };
  std::thread one(add);
  std::thread two(add);
  one.join();
  two.join();
  assert(value == had && had >= 1);
}
// Verify rc11: 4
