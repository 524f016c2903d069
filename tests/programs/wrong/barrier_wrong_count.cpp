// A barrier for three, reused by two: one thread leaves after the first phase without saying so.
#include <barrier>
#include <thread>

std::barrier phase(3);

void work(int phases) {
  for (int i = 0; i < phases; ++i) phase.arrive_and_wait();  // @wait
}

int main() {
  std::thread one(work, 2);
  std::thread two(work, 2);
  std::thread three(work, 1);  // arrive_and_drop() would have told the others
  one.join();
  two.join();
  three.join();
  return 0;
}
// Expected: DEADLOCK
//   report: @wait
