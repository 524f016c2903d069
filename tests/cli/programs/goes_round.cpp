// Correct: a loop that counts how often it looks, so that no two of its rounds are alike, and three
// that add by compare-exchange, or as many as the argument says.
#include <atomic>
#include <cstdlib>
#include <thread>
#include <vector>

int main(int count, char** arguments) {
  std::atomic<int> sum{0};
  std::atomic<bool> ready{false};
  int looks = 0;
  const int thread_count = count > 1 ? std::atoi(arguments[1]) : 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < thread_count; ++i) {
    threads.emplace_back([&] {
      int seen = sum.load();
      while (!sum.compare_exchange_strong(seen, seen + 1)) continue;
    });
  }
  if (thread_count == 0) {
    threads.emplace_back([&] {
      while (!ready.load()) ++looks;
    });
    threads.emplace_back([&] { ready.store(true); });
  }
  for (std::thread& thread : threads) thread.join();
  return sum.load() == thread_count ? 0 : 1;
}
