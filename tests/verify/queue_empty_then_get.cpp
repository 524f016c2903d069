// Two consumers look whether the queue is empty, and then get: one of them waits for ever.
#include <thread>
#include <trama/queue.hpp>

int main() {
  trama::queue<int> queue;
  queue.put(1);
  const auto consume = [&] {
    if (!queue.empty()) static_cast<void>(queue.get());
  };
  std::thread one(consume);
  std::thread two(consume);
  one.join();
  two.join();
}
// Verify rc11: DEADLOCK
