// Threads count down under a lock and notify behind it, while main waits for all of them. A notify may
// come when nobody waits, or wake one whose lock another then takes first.
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <vector>

std::mutex mutex;
std::condition_variable changed;
int left = 0;

void arrive() {
  {
    const std::lock_guard lock(mutex);
    --left;
  }
  changed.notify_one();
}

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 2;
  left = count;
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) threads.emplace_back(arrive);
  {
    std::unique_lock lock(mutex);
    while (left != 0) changed.wait(lock);
  }
  for (auto& thread : threads) thread.join();
}
// With a wait that may end by itself once. All interleavings, told apart by the orders on mutex and
// condition, are as many: counted by hand for one and two threads, by a program for three.
// Verify rc11: 60
// Verify sc: 60
