// A flag without order: who sees it may not see the message.
#include <atomic>
#include <cassert>
#include <thread>

std::atomic<int> message{0};
std::atomic<int> ready{0};

int main() {
  std::thread writer([] {
    message.store(1, std::memory_order_relaxed);
    ready.store(1, std::memory_order_relaxed);
  });
  std::thread reader([] {
    if (ready.load(std::memory_order_relaxed) == 1) {
      assert(message.load(std::memory_order_relaxed) == 1);
    }
  });
  writer.join();
  reader.join();
}
