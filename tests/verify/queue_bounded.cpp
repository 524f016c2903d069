// A queue that holds one item: the second put waits for the first get.
#include <cassert>
#include <thread>
#include <trama/queue.hpp>

int main() {
  trama::queue<int> queue(1);
  std::thread producer([&] {
    queue.put(1);
    queue.put(2);
  });
  assert(queue.get() == 1);
  assert(queue.get() == 2);
  producer.join();
  assert(queue.empty());
}
// Verify rc11: verified
