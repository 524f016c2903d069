// A flag that is stored and loaded relaxed hands nothing over.
#include <atomic>
#include <thread>

int message = 0;
std::atomic<bool> ready{false};

int main() {
  std::thread writer([] {
    message = 42;  // @write
    ready.store(true, std::memory_order_relaxed);
  });
  std::thread reader([] {
    if (ready.load(std::memory_order_relaxed) && message != 42) {  // @read
      message = -1;
    }
  });
  writer.join();
  reader.join();
  return 0;
}
// Expected: RACE
//   report: @write
//   report: @read
