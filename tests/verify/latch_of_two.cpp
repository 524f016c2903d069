// Two arrive at a latch and wait for each other.
#include <cassert>
#include <latch>
#include <thread>

std::latch latch(2);
int values[2];

void work(int who) {
  values[who] = 1;
  latch.arrive_and_wait();
  assert(values[1 - who] == 1);
}

int main() {
  std::thread other(work, 0);
  work(1);
  other.join();
}
// Verify rc11: verified
