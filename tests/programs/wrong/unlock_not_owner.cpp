// One thread locks, another unlocks.
#include <mutex>
#include <thread>

std::mutex mutex;

int main() {
  mutex.lock();
  std::thread helper([] { mutex.unlock(); });  // @unlock
  helper.join();
}
// Expected: MISUSE
//   report: @unlock
//   report: only its owner may unlock it
