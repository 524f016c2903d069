// A mutex is unlocked twice on one path.
#include <mutex>
#include <thread>

std::mutex mutex;
int value = 0;

void add(int amount) {
  mutex.lock();
  value += amount;
  if (value > 1) {
    mutex.unlock();
  }
  mutex.unlock();  // @unlock
}

int main() {
  std::thread one(add, 1);
  one.join();
  std::thread two(add, 1);
  two.join();
}
// Expected: MISUSE
//   report: @unlock
//   report: a mutex is unlocked that nobody holds
