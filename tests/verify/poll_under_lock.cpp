// Each of two threads polls under a lock for what the other does: it looks again where that may have
// changed, and not without end.
#include <mutex>
#include <thread>

int main() {
  std::mutex mutex;
  bool asked = false;
  bool answered = false;
  std::thread other([&] {
    for (bool done = false; !done;) {
      const std::lock_guard lock(mutex);
      done = asked;
      if (done) answered = true;
    }
  });
  {
    const std::lock_guard lock(mutex);
    asked = true;
  }
  for (bool done = false; !done;) {
    const std::lock_guard lock(mutex);
    done = answered;
  }
  other.join();
}
// Verify rc11: verified
// Verify sc: verified
