// A thread waits in a loop for one that an assumption ends: that execution is left out. It is no
// livelock.
#include <atomic>
#include <thread>

extern "C" __attribute__((weak)) void trama_assume(int condition);

int main() {
  std::atomic<bool> known{false};
  std::atomic<bool> ready{false};
  std::thread teller([&] {
    if (trama_assume != nullptr) trama_assume(known.load() ? 1 : 0);
    ready.store(true);
  });
  std::thread waiter([&] {
    while (!ready.load()) {
    }
  });
  known.store(true);
  teller.join();
  waiter.join();
}
// Verify rc11: 1
// Verify sc: 1
