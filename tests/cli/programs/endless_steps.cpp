// Two threads that wait for ever for what neither does, by looking again and again.
#include <atomic>
#include <thread>

std::atomic<int> turn{0};

int main() {
  std::thread other([] {
    while (turn.load() != 2) turn.store(0);
  });
  while (turn.load() != 3) turn.store(1);
  other.join();
}
