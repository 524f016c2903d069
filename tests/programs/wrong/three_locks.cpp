// Three threads, three locks, a circle.
#include <array>
#include <mutex>
#include <thread>
#include <vector>

std::array<std::mutex, 3> locks;

int main() {
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < 3; ++i) {
    threads.emplace_back([i] {
      const std::lock_guard mine(locks[i]);
      const std::lock_guard next(locks[(i + 1) % 3]);  // @next
    });
  }
  for (std::thread& thread : threads) thread.join();
}
// Expected: DEADLOCK
//   report: @next
//   report: each thread holds what the next one waits for
