// The cleanup handler that would unlock is popped before the wait in which the thread is cancelled.
#include <pthread.h>
#include <unistd.h>

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
int total = 0;

void unlock(void*) { pthread_mutex_unlock(&mutex); }

void* work(void*) {
  pthread_cleanup_push(unlock, nullptr);
  pthread_mutex_lock(&mutex);
  ++total;
  pthread_cleanup_pop(0);
  usleep(10);  // a cancellation point, with the mutex held
  pthread_mutex_unlock(&mutex);
  return nullptr;
}

int main() {
  pthread_t worker{};
  pthread_create(&worker, nullptr, work, nullptr);
  pthread_cancel(worker);
  pthread_join(worker, nullptr);
  pthread_mutex_lock(&mutex);  // @blocked
  const int seen = total;
  pthread_mutex_unlock(&mutex);
  return seen > 1;
}
// Expected: DEADLOCK
//   report: @blocked
//   report: held when it ended
//   except static: ABORT
// With -static-libgcc cancellation ends in abort(), as in main_leaves_first.cpp.
