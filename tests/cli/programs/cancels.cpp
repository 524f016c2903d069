// A thread that waits is cancelled: verify does not cover that.
#include <pthread.h>
#include <unistd.h>

namespace {

void* wait_for_ever(void*) {
  for (;;) pause();
}

}  // namespace

int main() {
  pthread_t thread;
  if (pthread_create(&thread, nullptr, wait_for_ever, nullptr) != 0) return 1;
  pthread_cancel(thread);
  return pthread_join(thread, nullptr);
}
