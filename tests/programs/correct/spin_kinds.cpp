// Spin loops of all kinds: bare, with a pause, with sleep, over two flags, a compare-exchange
// that is tried until it succeeds, try_lock until it is free, a ticket lock, a plain poll under
// a lock while another thread sleeps.
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

std::atomic<bool> bare{false};
std::atomic<bool> paused{false};
std::atomic<bool> left{false};
std::atomic<bool> right{false};
std::atomic<int> owner{0};
std::atomic<unsigned> next{0};
std::atomic<unsigned> serving{0};
std::atomic_flag taken = ATOMIC_FLAG_INIT;
std::mutex mutex;
bool done = false;
int total = 0;

void add_under_ticket() {
  const unsigned mine = next.fetch_add(1);
  while (serving.load(std::memory_order_acquire) != mine) std::this_thread::yield();
  ++total;
  serving.store(mine + 1, std::memory_order_release);
}

void add_under_exchange() {
  int expected = 0;
  while (!owner.compare_exchange_weak(expected, 1, std::memory_order_acquire)) expected = 0;
  ++total;
  owner.store(0, std::memory_order_release);
}

void worker() {
  while (!bare.load(std::memory_order_acquire)) {
  }
  while (!paused.load(std::memory_order_acquire)) __builtin_ia32_pause();
  while (!left.load() || !right.load()) {
  }
  while (taken.test_and_set(std::memory_order_acquire)) {
  }
  taken.clear(std::memory_order_release);
  add_under_ticket();
  while (!mutex.try_lock()) {
  }
  mutex.unlock();
  std::this_thread::sleep_for(std::chrono::seconds(5));
  const std::lock_guard guard(mutex);
  done = true;
}

int main() {
  std::thread one(worker);
  bare.store(true, std::memory_order_release);
  paused.store(true, std::memory_order_release);
  right = true;
  left = true;
  add_under_ticket();
  for (bool seen = false; !seen;) {
    const std::lock_guard guard(mutex);
    seen = done;
  }
  one.join();
  std::thread two(add_under_exchange);
  add_under_exchange();
  two.join();
  return total == 4 ? 0 : 1;
}
// Expected: nothing
