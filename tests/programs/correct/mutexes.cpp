// Every mutex of this vocabulary: normal, recursive, timed; lock, try_lock, try_lock_for,
// scoped_lock over two in either order, std::lock with adopt_lock.
#include <chrono>
#include <mutex>
#include <thread>

using namespace std::chrono_literals;

std::mutex first;
std::mutex second;
std::recursive_mutex nested;
std::timed_mutex timed;
std::recursive_timed_mutex both;
int total = 0;
int attempts = 0;
int timed_total = 0;
int deep = 0;

void add_deep(int depth) {
  const std::lock_guard lock(nested);
  if (depth > 0) {
    add_deep(depth - 1);
  } else {
    ++deep;
  }
}

void forward() {
  {
    const std::scoped_lock lock(first, second);
    ++total;
  }
  add_deep(3);
  if (timed.try_lock_for(5s)) {
    ++timed_total;
    std::this_thread::sleep_for(1ms);
    timed.unlock();
  }
  const std::lock_guard once(both);
  const std::lock_guard twice(both);
}

void backward() {
  {
    std::lock(second, first);
    const std::lock_guard one(first, std::adopt_lock);
    const std::lock_guard two(second, std::adopt_lock);
    ++total;
  }
  add_deep(2);
  const std::unique_lock lock(timed, std::chrono::steady_clock::now() + 5s);
  if (lock.owns_lock()) ++timed_total;
  if (first.try_lock()) {
    ++attempts;
    first.unlock();
  }
}

int main() {
  std::thread one(forward);
  std::thread two(backward);
  one.join();
  two.join();
  return total == 2 && deep == 2 && timed_total == 2 && attempts <= 1 ? 0 : 1;
}
// Expected: nothing
