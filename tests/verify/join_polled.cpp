// A loop that asks for a thread's end waits for it.
#include <pthread.h>
#include <sched.h>

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
  while (pthread_tryjoin_np(thread, nullptr) == EBUSY) sched_yield();
  assert(value == 1);
}
// Verify rc11: 1
