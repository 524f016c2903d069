// A flag that is released and acquired hands over plain data.
#include <atomic>
#include <cassert>
#include <thread>

int main() {
  std::atomic<bool> ready{false};
  int data = 0;
  std::thread sender([&] {
    data = 42;
    ready.store(true, std::memory_order_release);
  });
  if (ready.load(std::memory_order_acquire)) assert(data == 42);
  sender.join();
}
// Verify rc11: 2
// Verify sc: 2
