// The signal may come after the flag was looked at and before pause: then nothing wakes main.
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <thread>

namespace {
volatile sig_atomic_t came = 0;
}

int main() {
  signal(SIGUSR1, [](int) { came = 1; });
  const pthread_t me = pthread_self();
  std::thread waker([me] { pthread_kill(me, SIGUSR1); });
  while (came == 0) pause();  // @pause
  waker.join();
  return 0;
}
// Expected: DEADLOCK
//   report: waits for a signal
//   report: @pause
