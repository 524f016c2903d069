// Correct, small, quick: a mutex, two threads.
#include <mutex>
#include <thread>

int main() {
  std::mutex mutex;
  int count = 0;
  const auto work = [&] {
    const std::lock_guard lock(mutex);
    ++count;
  };
  std::thread one(work);
  std::thread two(work);
  one.join();
  two.join();
  return count == 2 ? 0 : 1;
}
