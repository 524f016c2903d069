// main ends by pthread_exit: the process ends when all threads have, and what its statics' destructors
// then read is in order behind them.
#include <pthread.h>

#include <cassert>

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
int total = 0;

struct AtExit {
  ~AtExit() { assert(total == 2); }
} at_exit;

void* work(void*) {
  pthread_mutex_lock(&mutex);
  ++total;
  pthread_mutex_unlock(&mutex);
  return nullptr;
}

int main() {
  for (int i = 0; i < 2; ++i) {
    pthread_t thread{};
    pthread_create(&thread, nullptr, work, nullptr);
    pthread_detach(thread);
  }
  pthread_exit(nullptr);
}
// Verify rc11: 2
