// The signal may be sent before its handler is there: then it ends the process.
#include <signal.h>
#include <unistd.h>

#include <thread>

int main() {
  std::thread sender([] { kill(getpid(), SIGUSR1); });  // @kill
  std::this_thread::yield();
  signal(SIGUSR1, [](int) {});
  sender.join();
  return 0;
}
// Expected: EXIT
//   report: SIGUSR1
//   report: @kill
