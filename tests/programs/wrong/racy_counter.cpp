// Two threads increment one int without a lock: a race, and then a lost increment.
#include <thread>

int counter = 0;

void work() {
  ++counter;  // @counter
}

int main() {
  std::thread one(work);
  std::thread two(work);
  one.join();
  two.join();
  return counter == 2 ? 0 : 1;
}
// Expected: RACE, EXIT
//   report: @counter
//   report: writes counter
//   report: no lock, join or atomic orders these two accesses
