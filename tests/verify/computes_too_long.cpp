// A computation that takes some seconds without a step is given up, which proves nothing: it ends with
// status 1.
#include <cstdint>
#include <thread>

int main() {
  std::thread nothing([] {});
  nothing.join();
  volatile std::uint64_t value = 1;
  std::uint64_t rest = value;
  for (std::uint64_t i = 0; i < 20'000'000'000; ++i) rest = rest * 6364136223846793005 + 1;
  value = rest;
  return 1;
}
// Verify rc11: incomplete
