// An exception of the program's own type leaves a thread's function, in one order of two.
#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>

namespace bank {
struct Overdrawn : std::runtime_error {
  explicit Overdrawn(int by) : std::runtime_error("overdrawn by " + std::to_string(by)) {}
};
}  // namespace bank

std::atomic<int> balance{100};

void withdraw(int amount) {
  const int left = balance -= amount;
  if (left < 0) {
    throw bank::Overdrawn(-left);  // @throw
  }
}

int main() {
  std::thread one(withdraw, 70);
  std::thread two([] {
    if (balance >= 60) withdraw(60);
  });
  one.join();
  two.join();
}
// Expected: UNCAUGHT
//   report: bank::Overdrawn: overdrawn by 30
//   report: std::terminate ran
