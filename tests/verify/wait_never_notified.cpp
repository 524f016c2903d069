// A lock whose owner forgets to notify: who waits for it may sleep for ever.
#include <atomic>
#include <thread>

std::atomic<int> taken{0};
int value = 0;

void lock() {
  int nobody = 0;
  while (!taken.compare_exchange_strong(nobody, 1)) {
    taken.wait(1);
    nobody = 0;
  }
}
void unlock() { taken.store(0); }

void work() {
  lock();
  ++value;
  unlock();
}

int main() {
  std::thread other(work);
  work();
  other.join();
}
// Verify rc11: DEADLOCK
