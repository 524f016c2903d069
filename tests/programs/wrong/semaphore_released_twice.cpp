// A binary semaphore as a lock: an error path releases it a second time, and from then on two
// threads at once pass. (That the count is over its maximum is undefined, but shows nowhere.)
#include <semaphore>
#include <thread>

std::binary_semaphore door(1);
int inside = 0;

void visit(bool fails) {
  door.acquire();
  ++inside;  // @inside
  if (fails) door.release();
  door.release();
}

int main() {
  std::thread one(visit, true);
  std::thread two(visit, false);
  std::thread three(visit, false);
  one.join();
  two.join();
  three.join();
  return 0;
}
// Expected: RACE, any?
//   report: @inside
