// The function given to call_once calls call_once with the same flag.
#include <mutex>
#include <thread>

std::once_flag flag;

void initialise() {
  std::call_once(flag, initialise);  // @again
}

int main() {
  std::thread worker([] { std::call_once(flag, initialise); });
  worker.join();
}
// Expected: MISUSE or DEADLOCK
//   report: @again
