// A pthread is joined twice.
#include <pthread.h>

int main() {
  pthread_t thread;
  pthread_create(
      &thread, nullptr, [](void* argument) { return argument; }, nullptr);
  pthread_join(thread, nullptr);
  pthread_join(thread, nullptr);  // @again
}
// Expected: MISUSE
//   report: @again
