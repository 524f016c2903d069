// main ends by pthread_exit. What the process does at its end is behind all that its threads did, whichever
// of them was the last.
#include <pthread.h>

#include <cstdlib>

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
int total = 0;

struct AtExit {
  ~AtExit() {
    if (total != 2) std::_Exit(1);
  }
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
  }
  pthread_exit(nullptr);
}
// Expected: nothing
//   except static: ABORT
// With -static-libgcc pthread_exit may end in abort(), as in main_leaves_first.cpp.
