// The flag is set before the waiters clear it: they yield, and sleep, and wait for ever.
#include <atomic>
#include <chrono>
#include <thread>

std::atomic<bool> go{false};

void wait_politely() {
  while (!go.load()) std::this_thread::yield();  // @yield
}
void wait_asleep() {
  go = false;  // "reset", too late
  while (!go.load()) std::this_thread::sleep_for(std::chrono::milliseconds(10));  // @sleep
}

int main() {
  std::thread one(wait_politely);
  std::thread two(wait_asleep);
  go = true;
  one.join();
  two.join();
}
// Expected: LIVELOCK
//   report: @sleep
