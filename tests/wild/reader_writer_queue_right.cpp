// moodycamel::BlockingReaderWriterQueue: one producer and one consumer that sleeps while there
// is nothing.
#include <readerwriterqueue/readerwriterqueue.h>

#include <cassert>
#include <string>
#include <thread>

int main() {
  moodycamel::BlockingReaderWriterQueue<std::string> queue(2);
  std::thread producer([&] {
    for (int i = 0; i < 5; ++i)
      queue.enqueue("a text of more than sixteen letters, " + std::to_string(i));
  });
  std::string text;
  for (int i = 0; i < 5; ++i) {
    queue.wait_dequeue(text);
    assert(text.back() == static_cast<char>('0' + i));
  }
  producer.join();
  assert(!queue.try_dequeue(text));
}
// Expected: nothing
//   options: --executions 1000
