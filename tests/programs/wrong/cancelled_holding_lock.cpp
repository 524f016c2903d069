// A thread is cancelled inside its critical section, which has no cleanup handler: the mutex
// stays locked for ever.
#include <pthread.h>
#include <unistd.h>

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
int total = 0;

void* work(void*) {
  pthread_mutex_lock(&mutex);
  usleep(10);  // a cancellation point
  ++total;
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
