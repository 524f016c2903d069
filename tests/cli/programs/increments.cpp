// Threads that each add 1 to the same atomic so many times; wrong where the third argument is what
// the order of two plain stores makes of another one.
#include <atomic>
#include <cstdlib>
#include <thread>
#include <vector>

int main(int count, char** arguments) {
  const int thread_count = count > 1 ? std::atoi(arguments[1]) : 3;
  const int times = count > 2 ? std::atoi(arguments[2]) : 3;
  const int wrong = count > 3 ? std::atoi(arguments[3]) : -1;
  std::atomic<int> sum{0};
  std::atomic<int> last{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < thread_count; ++i) {
    threads.emplace_back([&, i] {
      for (int k = 0; k < times; ++k) sum.fetch_add(1);
      if (wrong >= 0) last.store(i);
    });
  }
  for (std::thread& thread : threads) thread.join();
  if (wrong >= 0 && last.load() == wrong) return 1;
  return sum.load() == thread_count * times ? 0 : 2;
}
