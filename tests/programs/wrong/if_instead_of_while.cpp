// `if` where `while` is needed: two consumers wake up for one item.
#include <cassert>
#include <condition_variable>
#include <mutex>
#include <queue>
#include <thread>

std::mutex mutex;
std::condition_variable condition;
std::queue<int> items;

void consume() {
  std::unique_lock lock(mutex);
  if (items.empty()) condition.wait(lock);
  assert(!items.empty());  // @assert
  items.pop();
}

int main() {
  std::thread one(consume);
  std::thread two(consume);
  for (int i = 0; i < 2; ++i) {
    const std::lock_guard lock(mutex);
    items.push(i);
    condition.notify_all();
  }
  one.join();
  two.join();
}
// Expected: ASSERT
//   report: @assert
//   report: !items.empty()
