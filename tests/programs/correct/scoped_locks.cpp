// unique_lock and shared_lock moved, deferred, released, tried; std::try_lock; scoped_lock over
// locks of different kinds.
#include <chrono>
#include <mutex>
#include <shared_mutex>
#include <system_error>
#include <thread>

using namespace std::chrono_literals;

std::mutex plain;
std::recursive_mutex nested;
std::shared_timed_mutex table;
int total = 0;
int read_total = 0;  // under all of them
int tried = 0;

std::unique_lock<std::mutex> locked() {
  std::unique_lock lock(plain);
  ++total;
  return lock;
}

void writer() {
  {
    std::unique_lock lock = locked();
    ++total;
    lock.unlock();
    lock.lock();
    ++total;
  }
  if (std::try_lock(plain, nested) == -1) {
    const std::scoped_lock both(std::adopt_lock, plain, nested);
    ++tried;
  }
  const std::scoped_lock all(plain, nested, table);
  ++read_total;
}

void reader() {
  std::shared_lock lock(table, std::defer_lock);
  int seen = -1;
  if (lock.try_lock_for(1h)) seen = read_total;
  if (seen < 0) return;
  std::shared_lock<std::shared_timed_mutex> other;
  other.swap(lock);
  if (other.owns_lock()) other.unlock();
  try {
    other.unlock();
  } catch (const std::system_error&) {
  }
}

int main() {
  std::thread one(writer);
  std::thread two(writer);
  one.join();
  std::thread three(reader);
  two.join();
  std::thread four([] { std::shared_lock lock(table, 1ms); });
  three.join();
  four.join();
  std::unique_lock last(plain, std::try_to_lock);
  std::mutex* released = last.release();
  released->unlock();
  return total == 6 && read_total == 2 ? 0 : 1;
}
// Expected: nothing
