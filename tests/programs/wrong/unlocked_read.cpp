// The writer takes the lock; the reader thinks that reading needs none.
#include <mutex>
#include <thread>

std::mutex mutex;
int from = 100;
int to = 0;

int main() {
  std::thread transfer([] {
    const std::lock_guard lock(mutex);
    from -= 30;
    to += 30;  // @write
  });
  int total = 0;
  std::thread audit([&total] {
    total = from + to;  // @read
  });
  transfer.join();
  audit.join();
  return total == 100 ? 0 : 1;
}
// Expected: RACE, EXIT
//   report: @read
