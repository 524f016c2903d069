// EOWNERDEAD is taken for success: nobody calls pthread_mutex_consistent, so the first unlock
// makes the mutex useless, and the lock that follows fails unnoticed.
#include <errno.h>
#include <pthread.h>

pthread_mutex_t mutex;
int total = 0;

void* dies(void*) {
  pthread_mutex_lock(&mutex);
  ++total;
  return nullptr;
}

void* adds(void*) {
  for (int i = 0; i < 2; ++i) {
    pthread_mutex_lock(&mutex);
    ++total;
    pthread_mutex_unlock(&mutex);
  }
  return nullptr;
}

int main() {
  pthread_mutexattr_t kind;
  pthread_mutexattr_init(&kind);
  pthread_mutexattr_setrobust(&kind, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&mutex, &kind);
  pthread_t threads[3];
  pthread_create(&threads[0], nullptr, dies, nullptr);
  pthread_create(&threads[1], nullptr, adds, nullptr);
  pthread_create(&threads[2], nullptr, adds, nullptr);
  for (const pthread_t thread : threads) pthread_join(thread, nullptr);
  return 0;
}
// Expected: RACE
