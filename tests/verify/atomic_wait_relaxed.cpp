// A wait that acquires nothing: what the library does around it orders nothing for its caller.
#include <atomic>
#include <thread>

std::atomic<int> ready{0};
int value = 0;

int main() {
  std::thread waiter([] {
    ready.wait(0, std::memory_order_relaxed);
    ++value;
  });
  value = 1;
  ready.store(1, std::memory_order_release);
  ready.notify_one();
  waiter.join();
}
// Verify rc11: RACE
