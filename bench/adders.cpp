// Four threads, each adding to one atomic three times: 369 600 executions differ, which is enough
// to see what a second process is worth to `trama verify -j 2`.
#include <array>
#include <atomic>
#include <cstdlib>
#include <thread>

int main() {
  std::atomic<int> value{0};
  std::array<std::thread, 4> adders;
  for (std::thread& adder : adders) {
    adder = std::thread([&value] {
      for (int i = 0; i < 3; ++i) value.fetch_add(1);
    });
  }
  for (std::thread& adder : adders) adder.join();
  return value == 12 ? EXIT_SUCCESS : EXIT_FAILURE;
}
