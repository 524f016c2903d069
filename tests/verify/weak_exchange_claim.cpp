// Two claim the same thing once. A weak exchange may fail though nobody has it yet.
#include <atomic>
#include <cassert>
#include <thread>

std::atomic<int> owner{0};
int claims[2];

void claim(int who) {
  int nobody = 0;
  claims[who] = owner.compare_exchange_weak(nobody, who + 1) ? 1 : 0;
}

int main() {
  std::thread other(claim, 0);
  claim(1);
  other.join();
  assert(claims[0] + claims[1] <= 1);
}
// One gets it, and the other finds that (2); or the other fails for nothing, which is a load of the
// first value (2); or both fail for nothing (1).
// Verify rc11: 5
