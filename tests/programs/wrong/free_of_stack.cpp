// What is freed never was a block.
#include <cstdlib>
#include <thread>

void give_back(void* memory) {
  std::free(memory);  // @free
}

int main() {
  int local[8] = {};
  std::thread other([&local] { give_back(local + 4); });
  other.join();
}
// Expected: USE-AFTER-FREE
//   report: @free
//   report: never allocated
