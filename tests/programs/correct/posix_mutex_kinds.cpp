// POSIX mutexes of all kinds: recursive also by timed and try locks, error-checking with its
// errors, shared between processes, with priority protocols.
#include <errno.h>
#include <pthread.h>
#include <time.h>

#include <thread>

pthread_mutex_t recursive;
pthread_mutex_t checking;
pthread_mutex_t shared;
int total = 0;  // under `recursive`
int tried = 0;  // under `shared`
int failures = 0;

timespec soon(clockid_t clock) {
  timespec at{};
  clock_gettime(clock, &at);
  at.tv_sec += 3600;
  return at;
}

void expect(int got, int wanted) {
  if (got != wanted) __atomic_add_fetch(&failures, 1, __ATOMIC_RELAXED);
}

void work() {
  const timespec wall = soon(CLOCK_REALTIME);
  const timespec steady = soon(CLOCK_MONOTONIC);
  expect(pthread_mutex_timedlock(&recursive, &wall), 0);
  expect(pthread_mutex_clocklock(&recursive, CLOCK_MONOTONIC, &steady), 0);
  expect(pthread_mutex_trylock(&recursive), 0);
  expect(pthread_mutex_lock(&recursive), 0);
  for (int i = 0; i < 3; ++i) pthread_mutex_unlock(&recursive);
  ++total;
  pthread_mutex_unlock(&recursive);

  expect(pthread_mutex_lock(&checking), 0);
  expect(pthread_mutex_lock(&checking), EDEADLK);
  expect(pthread_mutex_timedlock(&checking, &wall), EDEADLK);
  expect(pthread_mutex_trylock(&checking), EBUSY);
  expect(pthread_mutex_unlock(&checking), 0);

  const int got = pthread_mutex_trylock(&shared);
  if (got == 0) {
    ++tried;
    pthread_mutex_unlock(&shared);
  } else {
    expect(got, EBUSY);
  }
}

int main() {
  pthread_mutexattr_t how;
  pthread_mutexattr_init(&how);
  pthread_mutexattr_settype(&how, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutexattr_setprotocol(&how, PTHREAD_PRIO_INHERIT);
  pthread_mutex_init(&recursive, &how);
  pthread_mutexattr_settype(&how, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutexattr_setprotocol(&how, PTHREAD_PRIO_NONE);
  pthread_mutex_init(&checking, &how);
  pthread_mutexattr_settype(&how, PTHREAD_MUTEX_NORMAL);
  pthread_mutexattr_setpshared(&how, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(&shared, &how);
  pthread_mutexattr_destroy(&how);
  std::thread one(work);
  std::thread two(work);
  one.join();
  two.join();
  if (pthread_mutex_unlock(&checking) != EPERM) return 1;
  timespec past{0, 0};
  pthread_mutex_lock(&shared);
  std::thread late([&past] { expect(pthread_mutex_timedlock(&shared, &past), ETIMEDOUT); });
  late.join();
  pthread_mutex_unlock(&shared);
  for (pthread_mutex_t* mutex : {&recursive, &checking, &shared}) {
    if (pthread_mutex_destroy(mutex) != 0) return 2;
  }
  return total == 2 && failures == 0 ? 0 : 3;
}
// Expected: nothing
