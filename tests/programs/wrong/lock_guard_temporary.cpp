// A lock_guard without a name lives to the end of its line.
#include <mutex>
#include <thread>

std::mutex mutex;
int total = 0;

void add() {
  std::lock_guard<std::mutex>{mutex};
  ++total;  // @add
}

int main() {
  std::thread one(add);
  std::thread two(add);
  one.join();
  two.join();
  return total == 2 ? 0 : 1;
}
// Expected: RACE, EXIT
//   report: @add
