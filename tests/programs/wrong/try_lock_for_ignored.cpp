// try_lock_for may fail, and its answer is ignored: the work is done without the lock, and then
// somebody else's lock is given back.
#include <chrono>
#include <mutex>
#include <thread>

std::timed_mutex mutex;
int total = 0;

void add() {
  using namespace std::chrono_literals;
  static_cast<void>(mutex.try_lock_for(1ms));
  ++total;  // @add
  std::this_thread::sleep_for(5ms);
  mutex.unlock();
}

int main() {
  std::thread one(add);
  std::thread two(add);
  one.join();
  two.join();
  return 0;
}
// Expected: RACE, any? or MISUSE
//   report: @add
