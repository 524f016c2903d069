// moodycamel::ConcurrentQueue: two producers, two consumers; nothing lost, nothing twice, and
// each producer's values in their order.
#include <concurrentqueue/concurrentqueue.h>

#include <array>
#include <atomic>
#include <cassert>
#include <thread>
#include <vector>

int main() {
  constexpr int kEach = 3;
  moodycamel::ConcurrentQueue<int> queue;
  std::atomic<int> taken{0};
  std::array<std::vector<int>, 2> seen;
  const auto produce = [&](int producer) {
    const moodycamel::ProducerToken token(queue);
    for (int i = 0; i < kEach; ++i) queue.enqueue(token, producer * 100 + i);
  };
  const auto consume = [&](std::size_t consumer) {
    while (taken.load() < 2 * kEach) {
      int value = 0;
      if (queue.try_dequeue(value)) {
        seen[consumer].push_back(value);
        ++taken;
      } else {
        std::this_thread::yield();
      }
    }
  };
  std::array<std::thread, 4> threads{std::thread(produce, 0), std::thread(produce, 1),
                                     std::thread(consume, 0), std::thread(consume, 1)};
  for (std::thread& thread : threads) thread.join();
  std::array<int, 2> count{};
  for (const auto& values : seen) {
    std::array<int, 2> last{-1, -1};
    for (const int value : values) {
      const auto producer = static_cast<std::size_t>(value / 100);
      assert(value % 100 > last[producer]);
      last[producer] = value % 100;
      ++count[producer];
    }
  }
  assert(count[0] == kEach && count[1] == kEach);
}
// Expected: nothing
//   options: --executions 1000
