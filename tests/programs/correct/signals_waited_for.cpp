// Signals that are blocked before anybody sends them are never lost: sigwait, sigtimedwait,
// sigsuspend, sigpending; real-time signals queue; a thread has its creator's mask.
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

namespace {
volatile sig_atomic_t came = 0;
int prepared = 0;

sigset_t set_of(int one, int two) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, one);
  sigaddset(&set, two);
  return set;
}
}  // namespace

int main() {
  const sigset_t both = set_of(SIGUSR1, SIGRTMIN);
  pthread_sigmask(SIG_BLOCK, &both, nullptr);

  std::thread sender([] {
    prepared = 4;
    kill(getpid(), SIGUSR1);
  });
  int signal_number = 0;
  if (sigwait(&both, &signal_number) != 0 || signal_number != SIGUSR1 || prepared != 4) return 1;
  sender.join();

  sigval value{};
  for (value.sival_int = 1; value.sival_int <= 3; ++value.sival_int) {
    if (sigqueue(getpid(), SIGRTMIN, value) != 0) return 2;
  }
  raise(SIGUSR1);
  raise(SIGUSR1);
  sigset_t pending;
  sigpending(&pending);
  if (sigismember(&pending, SIGUSR1) != 1) return 3;
  siginfo_t info;
  if (sigwaitinfo(&both, &info) != SIGUSR1) return 4;
  for (int i = 1; i <= 3; ++i) {
    if (sigwaitinfo(&both, &info) != SIGRTMIN || info.si_value.sival_int != i) return 5;
  }
  const timespec second = {1, 0};
  if (sigtimedwait(&both, &info, &second) != -1 || errno != EAGAIN) return 6;

  struct sigaction action = {};
  action.sa_handler = [](int) { came = came + 1; };
  sigaction(SIGUSR1, &action, nullptr);
  const pthread_t me = pthread_self();
  std::thread waker([me] { pthread_kill(me, SIGUSR1); });
  sigset_t none;
  sigemptyset(&none);
  while (came == 0) sigsuspend(&none);
  waker.join();
  return came == 1 ? 0 : 7;
}
// Expected: nothing
