// One hands over what another waits for, which is tried first: the rounds of a try that fails are one.
#include <cassert>
#include <semaphore>
#include <thread>

std::counting_semaphore<2> filled(0);
int value = 0;

int main() {
  std::thread other([] {
    value = 1;
    filled.release();
  });
  if (!filled.try_acquire()) filled.acquire();
  assert(value == 1);
  other.join();
}
// Verify rc11: verified
