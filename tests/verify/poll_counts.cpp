// Who polls under a lock and counts how often goes on: its rounds differ, and the fourth finds an end.
#include <mutex>
#include <thread>

int main() {
  std::mutex mutex;
  bool ready = false;
  int rounds = 0;
  std::thread poller([&] {
    for (bool done = false; !done && rounds < 4;) {
      const std::lock_guard lock(mutex);
      done = ready;
      ++rounds;
    }
  });
  {
    const std::lock_guard lock(mutex);
    ready = true;
  }
  poller.join();
}
// Before, between and after the rounds there are five places for the other's critical section.
// Verify rc11: 5
