// Stores what no seed decides.
#include <atomic>
#include <thread>
#include <x86intrin.h>

std::atomic<unsigned long long> value;

int main() {
  std::thread other([] { value.store(__rdtsc()); });  // @rdtsc
  other.join();
  return 0;
}
