// join returns when every item is done, not before.
#include <atomic>
#include <cassert>
#include <thread>
#include <trama/queue.hpp>

int main() {
  trama::queue<int> queue;
  int done = 0;
  queue.put(1);
  queue.put(2);
  std::thread worker([&] {
    for (int i = 0; i < 2; ++i) {
      done += queue.get();
      queue.task_done();
    }
  });
  queue.join();
  assert(done == 3);
  worker.join();
}
// Verify rc11: verified
