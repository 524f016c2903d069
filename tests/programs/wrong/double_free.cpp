// Two threads both believe that they are the last to use a block.
#include <atomic>
#include <cstdlib>
#include <thread>

std::atomic<int> users{2};
void* const block = std::malloc(32);

void leave() {
  users.store(users.load() - 1);
  if (users.load() == 0) {
    std::free(block);  // @free
  }
}

int main() {
  std::thread one(leave);
  std::thread two(leave);
  one.join();
  two.join();
}
// Expected: USE-AFTER-FREE
//   report: @free
//   report: freed twice
