// A thread goes round several times, as --unroll may not let it, and another waits for it in a loop.
#include <atomic>
#include <thread>
int main() {
  std::atomic<bool> ready{false}, x{false};
  std::thread teller([&] {
    for (int i = 0; i < 3; ++i) (void)x.load();
    ready.store(true);
  });
  std::thread waiter([&] {
    while (!ready.load()) {
    }
  });
  teller.join();
  waiter.join();
}
