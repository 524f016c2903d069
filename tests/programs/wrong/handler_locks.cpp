// The handler takes a lock that the thread it interrupts may hold already.
#include <pthread.h>
#include <signal.h>

#include <mutex>
#include <thread>

namespace {
std::mutex mutex;
int count = 0;

void on_signal(int) {
  const std::scoped_lock lock(mutex);  // @handler
  ++count;
}
}  // namespace

int main() {
  signal(SIGUSR1, on_signal);
  const pthread_t me = pthread_self();
  std::thread sender([me] { pthread_kill(me, SIGUSR1); });
  for (int i = 0; i < 3; ++i) {
    const std::scoped_lock lock(mutex);
    ++count;
  }
  sender.join();
  return 0;
}
// Expected: DEADLOCK or MISUSE
//   report: @handler
