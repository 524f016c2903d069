// boost::lockfree::spsc_queue, a ring for one producer and one consumer, full and empty at times.
#include <boost/lockfree/spsc_queue.hpp>
#include <cassert>
#include <string>
#include <thread>

int main() {
  boost::lockfree::spsc_queue<std::string, boost::lockfree::capacity<2>> ring;
  const std::string text = "a text of more than sixteen letters, ";
  std::thread producer([&] {
    for (int i = 0; i < 5; ++i) {
      while (!ring.push(text + std::to_string(i))) std::this_thread::yield();
    }
  });
  std::string value;
  for (int i = 0; i < 5; ++i) {
    while (!ring.pop(value)) std::this_thread::yield();
    assert(value == text + std::to_string(i));
  }
  producer.join();
  assert(ring.empty());
}
// Expected: nothing
//   options: --executions 1000
