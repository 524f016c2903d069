// The other two orders: the last one in leaves first; the smallest leaves first.
#include <cassert>
#include <thread>
#include <trama/queue.hpp>

int main() {
  trama::lifo_queue<int> stack;
  trama::priority_queue<int> sorted;
  std::thread one([&] {
    stack.put(1);
    sorted.put(2);
  });
  sorted.put(1);
  stack.put(2);
  one.join();
  assert(sorted.get() == 1);
  assert(sorted.get() == 2);
  assert(stack.get() + stack.get() == 3);
}
// Verify rc11: verified
