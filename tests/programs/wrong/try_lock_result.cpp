// std::try_lock answers -1 where it has both locks: taken for true, as failure it is 0 or 1.
#include <mutex>
#include <thread>

std::mutex left;
std::mutex right;
int moved = 0;

void move() {
  if (std::try_lock(left, right)) {
    ++moved;  // @moved
    left.unlock();
    right.unlock();
  }
}

int main() {
  std::thread one(move);
  std::thread two([] {
    const std::lock_guard lock(right);
    ++moved;
  });
  one.join();
  two.join();
  return 0;
}
// Expected: RACE, any? or MISUSE
//   report: @moved
