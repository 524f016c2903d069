// The writer has its release fence; the reader has none, and so learns nothing.
#include <atomic>
#include <thread>

int data = 0;
std::atomic<bool> ready{false};

int main() {
  std::thread writer([] {
    data = 7;
    std::atomic_thread_fence(std::memory_order_release);
    ready.store(true, std::memory_order_relaxed);
  });
  int seen = 7;
  if (ready.load(std::memory_order_relaxed)) seen = data;  // @read
  writer.join();
  return seen == 7 ? 0 : 1;
}
// Expected: RACE
//   report: @read
