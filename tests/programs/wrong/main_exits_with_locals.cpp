// main ends by pthread_exit and its threads go on, with a pointer to main's local variable.
#include <pthread.h>
#include <unistd.h>

void* work(void* argument) {
  usleep(10);
  ++*static_cast<int*>(argument);  // @use
  return nullptr;
}

int main() {
  int count = 1;
  pthread_t worker{};
  pthread_create(&worker, nullptr, work, &count);
  pthread_detach(worker);
  pthread_exit(nullptr);
}
// Expected: USE-AFTER-FREE
//   report: @use
//   except static: ABORT
// With -static-libgcc pthread_exit may end in abort(), as in main_leaves_first.cpp.
