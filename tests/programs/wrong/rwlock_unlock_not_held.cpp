// A reader-writer lock is unlocked by a thread that never had it.
#include <pthread.h>

#include <thread>

pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

int main() {
  pthread_rwlock_rdlock(&lock);
  std::thread helper([] { pthread_rwlock_unlock(&lock); });  // @unlock
  helper.join();
  return 0;
}
// Expected: MISUSE
//   report: @unlock
