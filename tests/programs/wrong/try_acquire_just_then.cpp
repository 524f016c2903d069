// try_acquire does not wait: when the other has just taken the place, nobody has it.
#include <cassert>
#include <semaphore>
#include <thread>

std::counting_semaphore<1> place(1);
int served = 0;

int main() {
  std::thread other([] {
    if (place.try_acquire()) place.release();
  });
  if (place.try_acquire()) {
    ++served;
    place.release();
  }
  other.join();
  assert(served == 1);  // @assert
}
// Expected: ASSERT
//   report: @assert
