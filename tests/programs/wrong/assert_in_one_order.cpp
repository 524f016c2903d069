// An assertion that fails only where the second thread overtakes the first between two steps.
#include <atomic>
#include <cassert>
#include <thread>

std::atomic<int> sold{0};
std::atomic<int> paid{0};

int main() {
  std::thread cashier([] {
    ++sold;
    ++paid;
  });
  std::thread auditor([] {
    const int paid_now = paid;
    const int sold_now = sold;
    assert(paid_now == sold_now);  // @assert
  });
  cashier.join();
  auditor.join();
}
// Expected: ASSERT
//   report: @assert
//   report: paid_now == sold_now
