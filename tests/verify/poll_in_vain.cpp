// A thread polls under a lock for what nobody does: the other one looks as well.
#include <mutex>
#include <thread>

int main() {
  std::mutex mutex;
  bool ready = false;
  const auto wait = [&] {
    for (bool done = false; !done;) {
      const std::lock_guard lock(mutex);
      done = ready;
    }
  };
  std::thread one(wait);
  std::thread two(wait);
  one.join();
  two.join();
}
// Verify rc11: LIVELOCK
