// Handlers run between the steps of the thread that takes the signal; calls that wait return
// EINTR, or go on where SA_RESTART asks for it.
#include <semaphore.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <ctime>
#include <mutex>
#include <thread>

namespace {
volatile sig_atomic_t interrupts = 0;
int wake_pipe[2];

void install(int signal_number, int flags, void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigaction(signal_number, &action, nullptr);
}
void count(int) { interrupts = interrupts + 1; }
void count_with_info(int number, siginfo_t* info, void*) {
  if (info->si_signo == number) interrupts = interrupts + 1;
}
void tell_pipe(int) {
  const int saved = errno;
  if (write(wake_pipe[1], "!", 1) != 1) _exit(20);
  errno = saved;
}
}  // namespace

int main() {
  if (pipe(wake_pipe) != 0) return 1;
  const pthread_t me = pthread_self();

  // alarm ends a sleep, in virtual time.
  install(SIGALRM, 0, count);
  alarm(3);
  if (sleep(10) != 7 || interrupts != 1) return 2;

  // A blocking read returns EINTR without SA_RESTART …
  itimerval soon = {{0, 0}, {0, 500000}};
  setitimer(ITIMER_REAL, &soon, nullptr);
  char byte = 0;
  if (read(wake_pipe[0], &byte, 1) != -1 || errno != EINTR || interrupts != 2) return 3;
  // … and goes on with it.
  struct sigaction action = {};
  action.sa_sigaction = count_with_info;
  action.sa_flags = SA_RESTART | SA_SIGINFO;
  sigaction(SIGUSR1, &action, nullptr);
  std::thread writer([me] {
    pthread_kill(me, SIGUSR1);
    if (write(wake_pipe[1], "a", 1) != 1) _exit(4);
  });
  if (read(wake_pipe[0], &byte, 1) != 1 || byte != 'a') return 5;
  writer.join();
  if (interrupts != 3) return 6;

  // A semaphore's wait is interrupted, or not.
  sem_t semaphore;
  sem_init(&semaphore, 0, 0);
  install(SIGUSR2, 0, count);
  std::thread poster([me, &semaphore] {
    pthread_kill(me, SIGUSR2);
    sem_post(&semaphore);
  });
  while (sem_wait(&semaphore) != 0) {
    if (errno != EINTR) return 7;
  }
  poster.join();
  if (interrupts != 4) return 8;

  // A handler during a wait for a condition, or for a lock, changes nothing for them.
  std::mutex mutex;
  std::condition_variable condition;
  bool ready = false;
  std::thread notifier([&, me] {
    pthread_kill(me, SIGUSR1);
    {
      const std::scoped_lock lock(mutex);
      ready = true;
      pthread_kill(me, SIGUSR1);
    }
    condition.notify_one();
  });
  {
    std::unique_lock lock(mutex);
    condition.wait(lock, [&ready] { return ready; });
  }
  notifier.join();
  if (interrupts < 5 || interrupts > 6) return 9;

  // The self-pipe trick: a handler only writes a byte.
  install(SIGTERM, SA_RESTART, tell_pipe);
  std::thread stopper([] { kill(getpid(), SIGTERM); });
  if (read(wake_pipe[0], &byte, 1) != 1 || byte != '!') return 10;
  stopper.join();
  return 0;
}
// Expected: nothing
