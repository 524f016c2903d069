// A consumer that may be asked to stop while it waits: it gets the item, or nothing, and ends.
#include <cassert>
#include <stop_token>
#include <thread>
#include <trama/queue.hpp>

int main() {
  trama::queue<int> queue;
  int got = 0;
  {
    std::jthread consumer([&](const std::stop_token& stop) {
      if (queue.get(stop)) ++got;
    });
    queue.put(1);
  }
  assert(got <= 1);
}
// Verify sc: verified
