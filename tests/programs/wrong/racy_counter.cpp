// Two threads increment one int without a lock: a race, and then a lost increment.
#include <thread>

int counter = 0;

void work() {
  for (int i = 0; i < 2; ++i) {
    ++counter;  // @counter
  }
}

int main() {
  std::thread one(work);
  std::thread two(work);
  one.join();
  two.join();
  return counter == 4 ? 0 : 1;
}
// Expected: RACE, EXIT
//   report: @counter
//   report: writes counter
//   report: no lock, join or atomic orders these two accesses
