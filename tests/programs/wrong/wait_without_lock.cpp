// pthread_cond_wait without its mutex held.
#include <pthread.h>

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t condition = PTHREAD_COND_INITIALIZER;

int main() {
  pthread_t thread;
  pthread_create(
      &thread, nullptr,
      [](void* argument) {
        pthread_cond_wait(&condition, &mutex);  // @wait
        return argument;
      },
      nullptr);
  pthread_cond_signal(&condition);
  pthread_join(thread, nullptr);
}
// Expected: MISUSE
//   report: @wait
//   report: without its mutex held
