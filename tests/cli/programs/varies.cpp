// Stores what no seed decides.
#include <x86intrin.h>

#include <atomic>
#include <thread>

std::atomic<unsigned long long> value;

int main() {
  std::thread other([] { value.store(__rdtsc()); });  // @rdtsc
  other.join();
  return 0;
}
