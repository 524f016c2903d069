// Two tasks, each of which waits for what the other would send; the timer that they slept by is
// kept armed by the loop for ever.
#include <chrono>

#include "trama/aio.hpp"

namespace aio = trama::aio;

aio::task<void> first(aio::queue<int>& in, aio::queue<int>& out) {
  co_await aio::sleep(std::chrono::milliseconds(10));
  const int got = co_await in.get();  // @get
  co_await out.put(got);
}

aio::task<void> both() {
  aio::queue<int> a;
  aio::queue<int> b;
  auto one = aio::create_task(first(a, b));
  auto two = aio::create_task(first(b, a));
  co_await one;
  co_await two;
}

int main() { aio::run(both()); }

// Expected: DEADLOCK
//   report: @get
//   report: awaits queue.get
