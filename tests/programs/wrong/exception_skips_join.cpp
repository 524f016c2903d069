// An exception flies past join(): the destructor of a joinable std::thread ends the program.
#include <atomic>
#include <stdexcept>
#include <thread>

std::atomic<int> stock{1};

void sell() {
  if (stock.fetch_sub(1) < 1) throw std::runtime_error("sold out");
}

int main() {
  std::thread clerk([] { stock.fetch_sub(1); });
  try {
    sell();
    clerk.join();
    return 0;
  } catch (const std::exception&) {
    return clerk.joinable() ? 0 : 1;
  }
}  // @end
// Expected: MISUSE
//   report: neither joined nor detached
