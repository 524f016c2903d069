// A thread joins main, which leaves before it.
#include <pthread.h>

#include <cassert>

pthread_t first;
int value = 0;

void* work(void*) {
  pthread_join(first, nullptr);
  assert(value == 1);
  return nullptr;
}

int main() {
  first = pthread_self();
  pthread_t thread{};
  pthread_create(&thread, nullptr, work, nullptr);
  value = 1;
  pthread_exit(nullptr);
}
// Verify rc11: 1
