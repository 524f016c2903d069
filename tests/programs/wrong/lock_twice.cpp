// A function that holds the lock calls another that takes it, too.
#include <mutex>
#include <thread>

class Account {
 public:
  void withdraw(int amount) {
    const std::lock_guard lock(mutex_);
    if (balance() >= amount) balance_ -= amount;
  }
  int balance() {
    const std::lock_guard lock(mutex_);  // @again
    return balance_;
  }

 private:
  std::mutex mutex_;
  int balance_ = 100;
};

int main() {
  Account account;
  std::thread(&Account::withdraw, &account, 10).join();
}
// Expected: MISUSE
//   report: @again
//   report: a mutex that it already holds
