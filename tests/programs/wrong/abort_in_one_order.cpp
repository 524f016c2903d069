// The program gives itself up when a thread meets a state that it thought impossible.
#include <atomic>
#include <cstdlib>
#include <thread>

std::atomic<int> state{0};

int main() {
  std::thread one([] {
    state = 1;
    state = 2;
  });
  std::thread two([] {
    if (state == 1) std::abort();  // @abort
  });
  one.join();
  two.join();
}
// Expected: ABORT
//   report: @abort
