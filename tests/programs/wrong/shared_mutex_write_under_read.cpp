// A counter is changed under a lock for reading, which two threads may hold at once.
#include <mutex>
#include <shared_mutex>
#include <thread>

std::shared_mutex guard;
int hits = 0;

void look_up() {
  std::shared_lock lock(guard);
  ++hits;  // @hit
}

int main() {
  std::thread first(look_up);
  std::thread second(look_up);
  first.join();
  second.join();
  return hits == 2 ? 0 : 1;
}
// Expected: RACE, EXIT
//   report: @hit
