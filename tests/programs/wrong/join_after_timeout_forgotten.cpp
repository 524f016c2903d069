// A join with a deadline that ran out is taken for a join: the worker still writes.
#include <pthread.h>
#include <time.h>
#include <unistd.h>

int result = 0;

void* work(void*) {
  usleep(5000);
  result = 42;  // @write
  return nullptr;
}

int main() {
  pthread_t worker{};
  pthread_create(&worker, nullptr, work, nullptr);
  timespec until{};
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_nsec += 1000000;
  pthread_timedjoin_np(worker, nullptr, &until);
  usleep(9000);
  return result / 100;  // @read
}
// Expected: RACE
//   report: @read
