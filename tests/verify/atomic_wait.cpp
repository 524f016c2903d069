// std::atomic::wait looks sixteen times before it sleeps; one round stands for all.
#include <atomic>
#include <cassert>
#include <thread>

std::atomic<int> ready{0};
int value = 0;

int main() {
  std::thread waiter([] {
    ready.wait(0);
    assert(value == 1);
  });
  value = 1;
  ready = 1;
  ready.notify_one();
  waiter.join();
}
// Verify rc11: verified
