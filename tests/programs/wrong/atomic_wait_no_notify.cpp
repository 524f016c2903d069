// atomic::wait sleeps until it is told: a store alone tells nobody.
#include <atomic>
#include <chrono>
#include <thread>

std::atomic<int> state{0};

int main() {
  std::thread waiter([] { state.wait(0); });  // @wait
  std::this_thread::sleep_for(std::chrono::milliseconds(1));
  state.store(1);
  waiter.join();
  return 0;
}
// Expected: DEADLOCK
//   report: @wait
