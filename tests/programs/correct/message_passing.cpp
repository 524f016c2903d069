// Plain data handed over by release and acquire, by fences around relaxed accesses, and by a
// read-modify-write that continues a release sequence.
#include <atomic>
#include <string>
#include <thread>

std::string by_flag;
std::string by_fence;
std::string by_sequence;
std::atomic<bool> flag{false};
std::atomic<bool> fenced{false};
std::atomic<int> stage{0};

int main() {
  std::thread writer([] {
    by_flag = "a text that lives on the heap, one";
    flag.store(true, std::memory_order_release);
    by_fence = "a text that lives on the heap, two";
    std::atomic_thread_fence(std::memory_order_release);
    fenced.store(true, std::memory_order_relaxed);
    by_sequence = "a text that lives on the heap, three";
    stage.store(1, std::memory_order_release);
  });
  std::thread middle([] {
    int expected = 1;
    stage.compare_exchange_strong(expected, 2, std::memory_order_relaxed);
  });
  std::size_t length = 0;
  std::thread reader([&length] {
    if (flag.load(std::memory_order_acquire)) length += by_flag.size();
    if (fenced.load(std::memory_order_relaxed)) {
      std::atomic_thread_fence(std::memory_order_acquire);
      length += by_fence.size();
    }
    if (stage.load(std::memory_order_acquire) == 2) length += by_sequence.size();
  });
  writer.join();
  middle.join();
  reader.join();
  return length <= 104 ? 0 : 1;
}
// Expected: nothing
