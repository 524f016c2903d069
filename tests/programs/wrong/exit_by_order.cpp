// The exit status depends on who comes first.
#include <atomic>
#include <cstdlib>
#include <thread>

std::atomic<int> first{0};

int main() {
  std::thread one([] {
    int none = 0;
    first.compare_exchange_strong(none, 1);
  });
  std::thread two([] {
    int none = 0;
    if (first.compare_exchange_strong(none, 2)) std::exit(3);  // @exit
  });
  one.join();
  two.join();
}
// Expected: EXIT
//   report: reports failure by its exit status
