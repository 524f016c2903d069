// With a time limit: an item comes in time or it does not, and then it is still in the queue.
#include <cassert>
#include <chrono>
#include <optional>
#include <thread>
#include <trama/queue.hpp>

int main() {
  trama::queue<int> queue(1);
  std::optional<int> got;
  std::thread consumer([&] { got = queue.get_for(std::chrono::milliseconds(5)); });
  const bool put = queue.put_for(7, std::chrono::milliseconds(5));
  consumer.join();
  assert(put);
  assert(got ? *got == 7 && queue.empty() : queue.full());
}
// Verify rc11: verified
