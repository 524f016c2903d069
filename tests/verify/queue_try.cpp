// The calls that do not wait, in two threads: what one is refused the other had room for.
#include <cassert>
#include <thread>
#include <trama/queue.hpp>

int main() {
  trama::queue<int> queue(1);
  bool first = false;
  bool second = false;
  std::thread one([&] { first = queue.try_put(1); });
  std::thread two([&] { second = queue.try_put(2); });
  const bool took = queue.try_get().has_value();
  one.join();
  two.join();
  assert(first || second);
  assert(took == queue.empty() || (took && first && second));
  assert(queue.full() != queue.empty());
}
// Verify rc11: verified
// Verify tso: verified
