// A producer puts two items, a consumer gets them: in order, none lost.
#include <cassert>
#include <thread>
#include <trama/queue.hpp>

int main() {
  trama::queue<int> queue;
  std::thread producer([&] {
    queue.put(1);
    queue.put(2);
  });
  std::thread consumer([&] {
    assert(queue.get() == 1);
    assert(queue.get() == 2);
  });
  producer.join();
  consumer.join();
  assert(queue.empty());
}
// Verify rc11: verified
// Verify sc: verified
