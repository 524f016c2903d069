// A lock that is annotated, and a read that forgets it.
#include <sanitizer/tsan_interface.h>

#include <atomic>
#include <thread>

namespace {

std::atomic<bool> taken{false};
int value = 0;

void add() {
  __tsan_mutex_pre_lock(&taken, 0);
  while (taken.exchange(true, std::memory_order_relaxed)) std::this_thread::yield();
  __tsan_mutex_post_lock(&taken, 0, 0);
  ++value;  // @add
  __tsan_mutex_pre_unlock(&taken, 0);
  taken.store(false, std::memory_order_relaxed);
  __tsan_mutex_post_unlock(&taken, 0);
}

}  // namespace

int main() {
  std::thread one(add);
  std::thread two(add);
  const int seen = value;  // @read
  one.join();
  two.join();
  return seen > 2 ? 1 : 0;
}

// Expected: RACE
//   report: @add
//   report: @read
