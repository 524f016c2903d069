// Two threads add to a counter by a load and a store; locks and waits stand around.
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>

std::atomic<int> counter{0};
std::mutex gate;
std::condition_variable opened;
bool open = false;

void add() {
  {
    std::unique_lock lock(gate);
    opened.wait(lock, [] { return open; });
  }
  counter.store(counter.load() + 1);
}

int main() {
  std::thread one(add);
  std::thread two(add);
  {
    const std::lock_guard lock(gate);
    open = true;
  }
  opened.notify_all();
  one.join();
  two.join();
  return counter.load() == 2 ? EXIT_SUCCESS : EXIT_FAILURE;
}
