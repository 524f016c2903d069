// A counter of references by hand: the last one deletes, but a relaxed decrement hands it
// nothing of what the others wrote.
#include <atomic>
#include <thread>

struct Shared {
  std::atomic<long> owners{2};
  int left = 0;
  int right = 0;
};

int main() {
  auto* shared = new Shared;
  const auto drop = [shared] {
    if (shared->owners.fetch_sub(1, std::memory_order_relaxed) == 1) delete shared;  // @drop
  };
  std::thread one([&] {
    shared->left = 1;
    drop();
  });
  std::thread two([&] {
    shared->right = 1;
    drop();
  });
  one.join();
  two.join();
}
// Expected: RACE, any?
//   report: @drop
