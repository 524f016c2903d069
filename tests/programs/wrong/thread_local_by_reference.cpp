// Each worker registers its thread_local counter, and main adds them up while they count.
#include <mutex>
#include <thread>
#include <vector>

thread_local long counted = 0;
std::mutex mutex;
std::vector<long*> counters;

void work() {
  {
    const std::lock_guard lock(mutex);
    counters.push_back(&counted);
  }
  for (int i = 0; i < 3; ++i) ++counted;  // @count
}

int main() {
  std::thread one(work);
  std::thread two(work);
  long sum = 0;
  {
    const std::lock_guard lock(mutex);
    for (const long* counter : counters) sum += *counter;  // @sum
  }
  one.join();
  two.join();
  return sum <= 6 ? 0 : 1;
}
// Expected: RACE, any? or USE-AFTER-FREE
//   report: @sum
