// Each step is atomic, the decision is not: the last ticket is sold twice. No data race.
#include <atomic>
#include <thread>

std::atomic<int> tickets{1};
std::atomic<int> sold{0};

void sell() {
  if (tickets.load() > 0) {
    tickets.fetch_sub(1);
    sold.fetch_add(1);
  }
}

int main() {
  std::thread one(sell);
  std::thread two(sell);
  one.join();
  two.join();
  return sold == 1 ? 0 : 1;
}
// Expected: EXIT
//   report: tickets
