// A divisor that is zero in one order.
#include <atomic>
#include <thread>

std::atomic<int> people{2};

int main() {
  std::thread leaver([] {
    --people;
    --people;
    ++people;
  });
  int share = 0;
  std::thread payer([&share] {
    const int now = people;
    share = 100 / now;  // @divide
  });
  leaver.join();
  payer.join();
  return share == 0 ? 1 : 0;
}
// Expected: CRASH
//   report: @divide
//   report: SIGFPE
