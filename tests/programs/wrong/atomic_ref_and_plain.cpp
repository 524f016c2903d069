// All of the writers use atomic_ref; the reader looks at the int itself while they do.
#include <atomic>
#include <thread>

int counter = 0;

void add() { std::atomic_ref(counter).fetch_add(1); }

int main() {
  std::thread one(add);
  std::thread two(add);
  const int early = counter;  // @early
  one.join();
  two.join();
  return early <= 2 && counter == 2 ? 0 : 1;
}
// Expected: RACE
//   report: @early
