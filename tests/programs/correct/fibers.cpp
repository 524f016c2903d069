// A fiber begins in one thread and goes on in another, handed over by what orders nothing; the
// fiber interface says that it is the same fiber.
#include <sanitizer/tsan_interface.h>

#include <atomic>
#include <thread>

namespace {

void* fiber = nullptr;
int state = 0;  // the fiber's own
std::atomic<int> turn{0};

void step(int mine) {
  while (turn.load(std::memory_order_relaxed) != mine) std::this_thread::yield();
  void* const before = __tsan_get_current_fiber();
  __tsan_switch_to_fiber(fiber, 0);
  ++state;
  __tsan_switch_to_fiber(before, 0);
  turn.store(mine + 1, std::memory_order_relaxed);
}

}  // namespace

int main() {
  fiber = __tsan_create_fiber(0);
  std::thread one(step, 0);
  std::thread two(step, 1);
  one.join();
  two.join();
  const int result = state;
  __tsan_destroy_fiber(fiber);
  return result == 2 ? 0 : 1;
}

// Expected: nothing
