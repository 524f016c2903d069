// What a compare-exchange expects is plain memory: it is read, and written where the exchange fails.
#include <atomic>
#include <thread>

std::atomic<int> value{1};
int expected = 0;

int main() {
  std::thread one([] {
    value.compare_exchange_strong(expected, 2);  // @one
  });
  std::thread two([] {
    value.compare_exchange_strong(expected, 3);  // @two
  });
  one.join();
  two.join();
}
// Expected: RACE
