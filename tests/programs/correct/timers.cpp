// Timers of POSIX, in virtual time: by signal, by function, periodic, set anew and deleted.
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <atomic>

namespace {
volatile sig_atomic_t ticks = 0;
sem_t fired;
int prepared = 0;

long now_ms() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
}  // namespace

int main() {
  struct sigaction action = {};
  action.sa_handler = [](int) { ticks = ticks + 1; };
  sigaction(SIGRTMIN, &action, nullptr);
  sigevent event = {};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGRTMIN;
  timer_t timer;
  if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) return 1;
  const itimerspec periodic = {{0, 100000000}, {1, 0}};
  const long start = now_ms();
  timer_settime(timer, 0, &periodic, nullptr);
  while (ticks < 5) pause();
  if (now_ms() - start < 1400) return 2;
  timer_delete(timer);

  sem_init(&fired, 0, 0);
  event = {};
  event.sigev_notify = SIGEV_THREAD;
  event.sigev_notify_function = [](sigval value) {
    if (value.sival_int != 3 || prepared != 8) _exit(3);
    sem_post(&fired);
  };
  event.sigev_value.sival_int = 3;
  if (timer_create(CLOCK_REALTIME, &event, &timer) != 0) return 4;
  prepared = 8;
  const itimerspec late = {{0, 0}, {1000, 0}};
  const itimerspec soon = {{0, 0}, {0, 5000}};
  timer_settime(timer, 0, &late, nullptr);
  itimerspec left = {};
  timer_gettime(timer, &left);
  if (left.it_value.tv_sec < 999) return 5;
  timer_settime(timer, 0, &soon, nullptr);
  while (sem_wait(&fired) != 0) {
  }
  if (now_ms() - start > 100000) return 6;

  signal(SIGALRM, SIG_IGN);
  alarm(1);
  pthread_exit(nullptr);
}
// Expected: nothing
//   except static: ABORT
// With -static-libgcc pthread_exit may end in abort(), as in main_leaves_first.cpp.
