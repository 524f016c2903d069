// pthread_tryjoin_np, pthread_timedjoin_np and pthread_clockjoin_np: too early, in time, for ever.
#include <errno.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

int value = 0;

void* work(void*) {
  usleep(2000);
  value = 7;
  return &value;
}

timespec in_us(clockid_t clock, long us) {
  timespec at{};
  clock_gettime(clock, &at);
  at.tv_nsec += us * 1000;
  at.tv_sec += at.tv_nsec / 1000000000;
  at.tv_nsec %= 1000000000;
  return at;
}

int main() {
  pthread_t first{};
  pthread_t second{};
  pthread_create(&first, nullptr, work, nullptr);
  void* result = nullptr;
  int error = pthread_tryjoin_np(first, &result);
  if (error == EBUSY) {
    timespec until = in_us(CLOCK_REALTIME, 1000);
    error = pthread_timedjoin_np(first, &result, &until);
  }
  if (error == ETIMEDOUT) {
    const timespec until = in_us(CLOCK_MONOTONIC, 5000000);
    error = pthread_clockjoin_np(first, &result, CLOCK_MONOTONIC, &until);
  }
  if (error != 0 || result != &value || value != 7) return 1;
  pthread_create(&second, nullptr, work, nullptr);
  if (pthread_timedjoin_np(second, nullptr, nullptr) != 0) return 2;
  pthread_create(&first, nullptr, work, nullptr);
  pthread_detach(first);
  pthread_exit(nullptr);
}
// Expected: nothing
//   except static: ABORT
// With -static-libgcc pthread_exit may end in abort(), as in main_leaves_first.cpp.
