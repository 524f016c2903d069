// An immediate shutdown drops what was not taken, and frees whoever waits in join.
#include <cassert>
#include <thread>
#include <trama/queue.hpp>

int main() {
  trama::queue<int> queue;
  int got = 0;
  queue.put(1);
  std::thread consumer([&] {
    try {
      got = queue.get();
      queue.task_done();
    } catch (const trama::queue_shut_down&) {
      got = -1;
    }
  });
  std::thread waiter([&] { queue.join(); });
  queue.shutdown(true);
  consumer.join();
  waiter.join();
  assert(got == 1 || got == -1);
  assert(queue.empty());
}
// Verify rc11: verified
