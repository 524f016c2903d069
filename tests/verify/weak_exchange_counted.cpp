// A weak exchange that is tried again, and the program counts how often: it may be more than once.
#include <atomic>
#include <cassert>

std::atomic<int> owner{0};

int main() {
  int tries = 1;
  int nobody = 0;
  while (!owner.compare_exchange_weak(nobody, 1)) {
    nobody = 0;
    ++tries;
  }
  assert(tries == 1);
}
// Verify rc11: ASSERT
