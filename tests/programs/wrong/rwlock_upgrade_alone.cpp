// A single reader asks for the write lock before it gives the read lock back: it waits for
// itself.
#include <pthread.h>

pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
int value = 0;

int main() {
  pthread_rwlock_rdlock(&lock);
  if (value == 0) {
    pthread_rwlock_wrlock(&lock);  // @upgrade
    value = 1;
    pthread_rwlock_unlock(&lock);
  }
  pthread_rwlock_unlock(&lock);
  return 0;
}
// Expected: DEADLOCK or MISUSE
//   report: @upgrade
