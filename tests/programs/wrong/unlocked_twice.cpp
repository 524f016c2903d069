// A unique_lock is unlocked on the early path and once more at the end.
#include <mutex>
#include <thread>

std::mutex mutex;
int balance = 1;

void withdraw() {
  std::unique_lock lock(mutex);
  if (balance == 0) lock.unlock();
  --balance;
  lock.unlock();  // @unlock
}

int main() {
  std::thread one(withdraw);
  std::thread two(withdraw);
  one.join();
  two.join();
  return 0;
}
// Expected: UNCAUGHT or RACE, any?
//   report: std::system_error
