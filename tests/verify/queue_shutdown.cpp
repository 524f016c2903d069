// A consumer takes what there is until the end is said; a put after that is refused.
#include <cassert>
#include <thread>
#include <trama/queue.hpp>

int main() {
  trama::queue<int> queue;
  int sum = 0;
  std::thread consumer([&] {
    try {
      for (;;) sum += queue.get();
    } catch (const trama::queue_shut_down&) {
      return;
    }
  });
  queue.put(5);
  queue.shutdown();
  bool refused = false;
  try {
    queue.put(6);
  } catch (const trama::queue_shut_down&) {
    refused = true;
  }
  consumer.join();
  assert(refused && sum == 5 && queue.is_shut_down());
}
// Verify rc11: verified
