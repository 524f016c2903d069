// A condition variable is destroyed while a thread waits on it.
#include <pthread.h>

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
bool waiting = false;

int main() {
  pthread_t waiter;
  pthread_create(
      &waiter, nullptr,
      [](void*) -> void* {
        pthread_mutex_lock(&mutex);
        waiting = true;
        pthread_cond_wait(&condition, &mutex);
        pthread_mutex_unlock(&mutex);
        return nullptr;
      },
      nullptr);
  for (bool seen = false; !seen;) {
    pthread_mutex_lock(&mutex);
    seen = waiting;
    pthread_mutex_unlock(&mutex);
  }
  pthread_cond_destroy(&condition);  // @destroy
  pthread_join(waiter, nullptr);
}
// Expected: MISUSE
//   report: @destroy
//   report: destroyed while a thread still waits on it
