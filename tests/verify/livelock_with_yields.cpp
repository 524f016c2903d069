// Nobody sets the flag: a loop that yields is told, and replays, like one that does not.
#include <atomic>
#include <thread>

std::atomic<bool> ready{false};

int main() {
  std::thread waiter([] {
    while (!ready.load()) std::this_thread::yield();
  });
  waiter.join();
}
// Verify rc11: LIVELOCK
