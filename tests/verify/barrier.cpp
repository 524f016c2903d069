// What comes before a barrier happens before what comes behind it, for all who meet there.
#include <pthread.h>

#include <atomic>
#include <cassert>
#include <thread>

int main() {
  pthread_barrier_t barrier;
  pthread_barrier_init(&barrier, nullptr, 2);
  std::atomic<int> mine{0};
  std::atomic<int> theirs{0};
  std::thread other([&] {
    theirs.store(1, std::memory_order_relaxed);
    pthread_barrier_wait(&barrier);
    assert(mine.load(std::memory_order_relaxed) == 1);
  });
  mine.store(1, std::memory_order_relaxed);
  pthread_barrier_wait(&barrier);
  assert(theirs.load(std::memory_order_relaxed) == 1);
  other.join();
  pthread_barrier_destroy(&barrier);
}
// Either may arrive last.
// Verify rc11: 2
// Verify sc: 2
