// Two readers that both want to become the writer wait for each other to stop reading.
#include <pthread.h>

#include <thread>

pthread_rwlock_t guard = PTHREAD_RWLOCK_INITIALIZER;

void upgrade() {
  pthread_rwlock_rdlock(&guard);
  pthread_rwlock_wrlock(&guard);  // @upgrade
  pthread_rwlock_unlock(&guard);
  pthread_rwlock_unlock(&guard);
}

int main() {
  std::thread first(upgrade);
  std::thread second(upgrade);
  first.join();
  second.join();
}
// Expected: DEADLOCK
//   report: @upgrade
