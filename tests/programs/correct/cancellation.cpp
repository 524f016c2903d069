// Cancelled threads: in each of the waits that are cancellation points, at testcancel, and not
// while cancellation is off. Destructors and cleanup handlers run, with the mutex held again.
#include <pthread.h>
#include <semaphore.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <mutex>

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
sem_t never;
pthread_t sleeper;
std::atomic<int> destroyed{0};
int cleaned = 0;  // under the mutex
int order = 0;

struct Local {
  ~Local() { ++destroyed; }
};

void unlock(void* which) {
  ++cleaned;
  pthread_mutex_unlock(static_cast<pthread_mutex_t*>(which));
}

void* waits_on_condition(void*) {
  const Local local;
  pthread_mutex_lock(&mutex);
  pthread_cleanup_push(unlock, &mutex);
  for (;;) pthread_cond_wait(&changed, &mutex);
  pthread_cleanup_pop(1);
  return nullptr;
}

void* waits_on_semaphore(void*) {
  const Local local;
  sem_wait(&never);
  return nullptr;
}

void* sleeps(void*) {
  const Local local;
  for (;;) sleep(100);
  return nullptr;
}

void* joins(void* other) {
  const Local local;
  pthread_join(*static_cast<pthread_t*>(other), nullptr);
  return nullptr;
}

void* polls(void*) {
  const Local local;
  for (;;) pthread_testcancel();
  return nullptr;
}

void* refuses(void*) {
  int before = -1;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
  usleep(10);
  pthread_testcancel();
  pthread_setcancelstate(before, nullptr);
  return before == PTHREAD_CANCEL_ENABLE ? &order : nullptr;
}

void* innermost_first(void*) {
  pthread_cleanup_push([](void*) { order = order * 10 + 1; }, nullptr);
  pthread_cleanup_push([](void*) { order = order * 10 + 2; }, nullptr);
  pthread_cleanup_push([](void*) { order = order * 10 + 3; }, nullptr);
  pthread_cleanup_pop(0);
  sleep(100);
  pthread_cleanup_pop(1);
  pthread_cleanup_pop(1);
  return nullptr;
}

bool cancelled(void* (*function)(void*), void* argument = nullptr) {
  pthread_t thread{};
  if (pthread_create(&thread, nullptr, function, argument) != 0) return false;
  if (pthread_cancel(thread) != 0) return false;
  void* result = nullptr;
  return pthread_join(thread, &result) == 0 && result == PTHREAD_CANCELED;
}

int main() {
  sem_init(&never, 0, 0);
  if (!cancelled(waits_on_condition) || !cancelled(waits_on_semaphore)) return 1;
  if (!cancelled(sleeps) || !cancelled(polls) || !cancelled(innermost_first)) return 2;
  if (order != 21 && order != 0) return 3;  // 0: before it began
  pthread_create(&sleeper, nullptr, sleeps, nullptr);
  if (!cancelled(joins, &sleeper)) return 4;
  pthread_cancel(sleeper);
  pthread_join(sleeper, nullptr);
  pthread_t stubborn{};
  pthread_create(&stubborn, nullptr, refuses, nullptr);
  pthread_cancel(stubborn);
  void* result = nullptr;
  pthread_join(stubborn, &result);
  if (result != &order) return 5;
  if (pthread_mutex_trylock(&mutex) != 0) return 6;
  pthread_mutex_unlock(&mutex);
  return destroyed == 6 && cleaned == 1 ? 0 : 7;
}
// Expected: nothing
//   except static: ABORT
// With -static-libgcc cancellation ends in abort() without Trama too, as in main_leaves_first.cpp.
