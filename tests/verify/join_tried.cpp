// A thread is asked whether it has ended: not yet, or it has, and then what it did is seen.
#include <pthread.h>

#include <cassert>
#include <cerrno>

int value = 0;

void* work(void*) {
  value = 1;
  return nullptr;
}

int main() {
  pthread_t thread{};
  pthread_create(&thread, nullptr, work, nullptr);
  const int answer = pthread_tryjoin_np(thread, nullptr);
  assert(answer == 0 || answer == EBUSY);
  if (answer == EBUSY) pthread_join(thread, nullptr);
  assert(value == 1);
}
// Verify rc11: 2
