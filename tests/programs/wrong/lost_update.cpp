// An atomic load, then an atomic store: what happened in between is overwritten.
#include <atomic>
#include <thread>

std::atomic<int> balance{0};

void deposit() {
  const int before = balance.load();
  balance.store(before + 1);
}

int main() {
  std::thread one(deposit);
  std::thread two(deposit);
  one.join();
  two.join();
  return balance == 2 ? 0 : 1;
}
// Expected: EXIT
//   report: balance
