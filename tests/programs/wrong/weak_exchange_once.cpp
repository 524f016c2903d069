// A weak compare-exchange may fail although nobody interfered: outside a loop it must be strong.
#include <atomic>
#include <cassert>
#include <thread>

std::atomic<int> state{0};

int main() {
  std::thread worker([] {
    int expected = 0;
    if (!state.compare_exchange_weak(expected, 1)) {
      assert(expected != 0);  // @assert
    }
  });
  worker.join();
}
// Expected: ASSERT
//   report: @assert
//   except clang: nothing
// To clang's instrumentation a weak exchange is no other than a strong one.
