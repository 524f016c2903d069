// Every access is under the lock, but the check and the debit are two critical sections.
#include <mutex>
#include <thread>

std::mutex mutex;
int balance = 100;

int read_balance() {
  const std::lock_guard lock(mutex);
  return balance;
}

void withdraw(int amount) {
  if (read_balance() < amount) return;
  const std::lock_guard lock(mutex);
  balance -= amount;
}

int main() {
  std::thread one(withdraw, 80);
  std::thread two(withdraw, 80);
  one.join();
  two.join();
  return balance >= 0 ? 0 : 1;
}
// Expected: EXIT
