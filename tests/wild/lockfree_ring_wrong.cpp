// Boost's ring for one producer and one consumer, with two consumers.
#include <atomic>
#include <boost/lockfree/spsc_queue.hpp>
#include <cassert>
#include <thread>

int main() {
  boost::lockfree::spsc_queue<int> ring(4);
  ring.push(1);
  ring.push(2);
  std::atomic<int> sum{0};
  const auto take = [&] {
    int value = 0;
    if (ring.pop(value)) sum += value;
  };
  std::thread first(take);
  std::thread second(take);
  first.join();
  second.join();
  assert(sum == 3);  // @sum
}
// Expected: ASSERT
//   report: @sum
