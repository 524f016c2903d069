// A thread returns early and forgets to unlock: the others wait for a holder that is gone.
#include <mutex>
#include <thread>

std::mutex mutex;
int balance = 5;

void withdraw(int amount) {
  mutex.lock();
  if (balance < amount) return;  // … and the lock?
  balance -= amount;
  mutex.unlock();
}

int main() {
  std::thread one(withdraw, 9);
  std::thread two(withdraw, 3);  // @two
  one.join();
  two.join();
  return 0;
}
// Expected: DEADLOCK
//   report: held when it ended
//   report: a thread ended without unlocking
