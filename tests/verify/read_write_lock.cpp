// Two readers side by side and a writer: the order of the readers' own steps shows too.
#include <cassert>
#include <shared_mutex>
#include <thread>

int main() {
  std::shared_mutex mutex;
  int a = 0;
  int b = 0;
  const auto read = [&] {
    const std::shared_lock lock(mutex);
    assert(a == b);
  };
  std::thread one(read);
  std::thread two(read);
  {
    const std::lock_guard lock(mutex);
    ++a;
    ++b;
  }
  one.join();
  two.join();
}
// Verify rc11: verified
