// The same queue, whose element is changed after it was put in: its consumer owns it by then.
#include <concurrentqueue/concurrentqueue.h>

#include <memory>
#include <thread>

struct Order {
  int pieces = 0;
};

int main() {
  moodycamel::ConcurrentQueue<Order*> queue;
  Order order;
  std::thread shop([&] {
    queue.enqueue(&order);
    order.pieces = 3;  // @late
  });
  std::thread store([&] {
    Order* next = nullptr;
    while (!queue.try_dequeue(next)) std::this_thread::yield();
    (void)(next->pieces == 3);
    volatile int pieces = next->pieces;  // @reads
    (void)pieces;
  });
  shop.join();
  store.join();
}
// Expected: RACE
//   report: @late
//   report: @reads
