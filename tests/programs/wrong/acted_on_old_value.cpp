// Every access is under the lock, so nothing races; but what was looked up is acted on after the
// lock was given up. The report shows the values.
#include <cstdio>
#include <mutex>
#include <thread>

struct Account {
  std::mutex gate;
  int balance = 100;
};
Account accounts[2];

bool has(Account& account, int amount) {
  const std::lock_guard lock(account.gate);
  return account.balance >= amount;
}

void withdraw(Account& account, int amount) {
  if (!has(account, amount)) return;
  const std::lock_guard lock(account.gate);
  account.balance -= amount;
}

int main() {
  for (int i = 0; i < 30; ++i) std::printf("line %d\n", i);
  std::thread one([] { withdraw(accounts[1], 70); });
  std::thread two([] { withdraw(accounts[1], 60); });
  one.join();
  two.join();
  std::printf("balance: %d\n", accounts[1].balance);
  return accounts[1].balance < 0 ? 1 : 0;
}
// Expected: EXIT
//   report: read accounts[1].balance as 100; then
//   report: balance: -30
//   report: on all the same and wrote -30
//   except clang: EXIT
// What clang says of the array does not lead to the name of its element.
