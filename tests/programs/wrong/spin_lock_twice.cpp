// A spin lock is not recursive.
#include <pthread.h>

pthread_spinlock_t spin;

void log() {
  pthread_spin_lock(&spin);  // @again
  pthread_spin_unlock(&spin);
}

int main() {
  pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
  pthread_spin_lock(&spin);
  log();
  pthread_spin_unlock(&spin);
  return 0;
}
// Expected: MISUSE
//   report: @again
