// The future that std::async returns is dropped at once, so its destructor waits for the task
// there and then: the second task, which the first waits for, is never started.
#include <future>
#include <latch>

std::latch both(2);

void meet() { both.arrive_and_wait(); }  // @meet

int main() {
  static_cast<void>(std::async(std::launch::async, meet));  // @first
  static_cast<void>(std::async(std::launch::async, meet));
  return 0;
}
// Expected: DEADLOCK
//   report: @meet
//   report: @first
