// Hundreds of threads, one generation after another: their numbers and stacks serve again.
#include <atomic>
#include <thread>
#include <vector>

int main() {
  std::atomic<int> count{0};
  for (int generation = 0; generation < 30; ++generation) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 10; ++i) threads.emplace_back([&count] { ++count; });
    for (std::thread& thread : threads) thread.join();
  }
  return count == 300 ? 0 : 1;
}
// Expected: nothing
//   options: --executions 50
