// Two threads take two locks in opposite orders.
#include <mutex>
#include <thread>

std::mutex fork_left;
std::mutex fork_right;
int meals = 0;

int main() {
  std::thread ana([] {
    const std::lock_guard first(fork_left);
    const std::lock_guard second(fork_right);  // @ana
    ++meals;
  });
  std::thread bia([] {
    const std::lock_guard first(fork_right);
    const std::lock_guard second(fork_left);  // @bia
    ++meals;
  });
  ana.join();
  bia.join();
  return meals == 2 ? 0 : 1;
}
// Expected: DEADLOCK
//   report: @ana
//   report: @bia
//   report: T1 waits for fork_right, which T2 holds
//   report: T2 waits for fork_left, which T1 holds
//   report: each thread holds what the next one waits for
