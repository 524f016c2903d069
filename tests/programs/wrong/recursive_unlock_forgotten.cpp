// A recursive lock is taken in two places and given back in one.
#include <mutex>
#include <thread>

std::recursive_timed_mutex mutex;
int total = 0;

void add(int amount) {
  mutex.lock();
  total += amount;
  if (amount > 1) {
    mutex.lock();
    --total;
  }
  mutex.unlock();
}

int main() {
  std::thread one(add, 2);
  std::thread two(add, 1);
  one.join();
  two.join();
  return 0;
}
// Expected: DEADLOCK
//   report: held when it ended
