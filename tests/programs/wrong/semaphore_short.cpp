// Two acquire, one release: somebody waits for ever.
#include <semaphore>
#include <thread>

std::counting_semaphore<4> items(0);

int main() {
  std::thread one([] { items.acquire(); });  // @one
  std::thread two([] { items.acquire(); });
  items.release();
  one.join();
  two.join();
}
// Expected: DEADLOCK
//   report: semaphore_short.cpp
