// Two consumers share two items: each gets one, whoever is first.
#include <cassert>
#include <thread>
#include <trama/queue.hpp>

int main() {
  trama::queue<int> queue;
  int first = 0;
  int second = 0;
  std::thread one([&] { first = queue.get(); });
  std::thread two([&] { second = queue.get(); });
  queue.put(1);
  queue.put(2);
  one.join();
  two.join();
  assert(first + second == 3);
}
// Verify rc11: verified
