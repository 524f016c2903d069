// A block is used after it was freed by a thread that has been joined: no race, and in most runs
// nothing is seen of it.
#include <thread>

struct Account {
  long number = 1;
  long balance = 100;
};

int main() {
  auto* account = new Account;  // @allocate
  std::thread closer([account] {
    delete account;  // @free
  });
  closer.join();
  return account->balance == 7 ? 1 : 0;  // @use
}
// Expected: USE-AFTER-FREE
//   report: @allocate
//   report: @free
//   report: @use
//   report: heap block of 16 bytes, allocated by main
