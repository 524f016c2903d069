// A thread waits in a loop for a flag on its own stack, which another clears: what stands there is no
// part of the state that it comes back in.
#include <atomic>
#include <thread>

std::atomic<std::atomic<bool>*> published{nullptr};

int main() {
  std::thread waiter([] {
    std::atomic<bool> waits{true};
    published.store(&waits);
    while (waits.load()) {
    }
  });
  std::atomic<bool>* flag = nullptr;
  while ((flag = published.load()) == nullptr) {
  }
  flag->store(false);
  waiter.join();
}
// Verify rc11: 1
