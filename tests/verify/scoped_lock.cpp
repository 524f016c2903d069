// Two threads that lock the same two mutexes at once, in the same order. They are unlocked one after
// the other, so that the second thread may find one free and the other not yet: once.
#include <cassert>
#include <mutex>
#include <thread>

int main() {
  std::mutex first;
  std::mutex second;
  int value = 0;
  const auto work = [&] {
    const std::scoped_lock lock(first, second);
    ++value;
  };
  std::thread one(work);
  std::thread two(work);
  one.join();
  two.join();
  assert(value == 2);
}
// Either thread first, with such a failing attempt or without.
// Verify rc11: 4
