// A robust mutex: who locks after its holder ended is told, mends the state, and goes on; one
// that nobody mends is lost, and everybody told so.
#include <errno.h>
#include <pthread.h>

pthread_mutex_t mutex;
pthread_mutex_t hopeless;
int from = 10;
int to = 0;

void* dies(void*) {
  if (pthread_mutex_lock(&mutex) == EOWNERDEAD) return &mutex;
  --from;  // … and ends before it gives `to` its due
  return nullptr;
}

int lock_and_mend() {
  const int error = pthread_mutex_lock(&mutex);
  if (error != EOWNERDEAD) return error;
  to = 10 - from;
  return pthread_mutex_consistent(&mutex);
}

void* transfers(void*) {
  if (lock_and_mend() != 0) return &mutex;
  --from;
  ++to;
  pthread_mutex_unlock(&mutex);
  return nullptr;
}

void* dies_too(void*) {
  pthread_mutex_lock(&hopeless);
  return nullptr;
}

void* gives_up(void*) {
  const int error = pthread_mutex_trylock(&hopeless);
  if (error == EOWNERDEAD) pthread_mutex_unlock(&hopeless);
  return nullptr;
}

int main() {
  pthread_mutexattr_t kind;
  pthread_mutexattr_init(&kind);
  pthread_mutexattr_setrobust(&kind, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&mutex, &kind);
  pthread_mutexattr_setpshared(&kind, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(&hopeless, &kind);
  pthread_t threads[4];
  void* (*const functions[])(void*) = {dies, transfers, dies_too, gives_up};
  for (int i = 0; i < 4; ++i) pthread_create(&threads[i], nullptr, functions[i], nullptr);
  bool failed = false;
  for (const pthread_t thread : threads) {
    void* result = nullptr;
    pthread_join(thread, &result);
    failed = failed || result != nullptr;
  }
  if (failed || lock_and_mend() != 0 || from + to != 10) return 1;
  if (pthread_mutex_consistent(&mutex) != EINVAL || pthread_mutex_unlock(&mutex) != 0) return 2;
  if (pthread_mutex_unlock(&mutex) != EPERM) return 3;
  int error = pthread_mutex_lock(&hopeless);
  if (error == EOWNERDEAD) {
    pthread_mutex_unlock(&hopeless);
    error = pthread_mutex_lock(&hopeless);
  }
  return error == ENOTRECOVERABLE && pthread_mutex_trylock(&hopeless) == ENOTRECOVERABLE ? 0 : 4;
}
// Expected: nothing
