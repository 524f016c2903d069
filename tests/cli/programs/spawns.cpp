// Threads: the first argument says how many at once, the second how many generations.
#include <atomic>
#include <cstdlib>
#include <latch>
#include <thread>
#include <vector>

int main(int, char** arguments) {
  const int at_once = std::atoi(arguments[1]);
  const int generations = std::atoi(arguments[2]);
  std::atomic<int> count{0};
  for (int i = 0; i < generations; ++i) {
    std::latch all(at_once);
    std::vector<std::thread> threads;
    for (int k = 0; k < at_once; ++k) {
      threads.emplace_back([&] {
        ++count;
        all.arrive_and_wait();
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  return count == at_once * generations ? 0 : 1;
}
