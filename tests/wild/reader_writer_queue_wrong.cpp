// The same queue with two producers, which it is not made for. In a debug build the
// library itself notices some of the orders (its assertion `!inSection`).
#include <readerwriterqueue/readerwriterqueue.h>

#include <cassert>
#include <thread>

int main() {
  moodycamel::ReaderWriterQueue<int> queue(8);
  std::thread first([&] { queue.enqueue(1); });
  std::thread second([&] { queue.enqueue(2); });
  first.join();
  second.join();
  int value = 0;
  int count = 0;
  while (queue.try_dequeue(value)) ++count;
  return count == 2 ? 0 : 1;
}
// Expected: RACE, any? or ASSERT, any?
