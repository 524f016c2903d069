// The deadline is of the monotonic clock, the condition's clock is the wall clock: to it the
// time was up decades ago.
#include <pthread.h>
#include <time.h>

#include <cassert>
#include <cerrno>
#include <chrono>
#include <thread>

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
bool ready = false;

int main() {
  std::thread worker([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    pthread_mutex_lock(&mutex);
    ready = true;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&mutex);
  });
  timespec until{};
  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_sec += 60;
  pthread_mutex_lock(&mutex);
  int error = 0;
  while (!ready && error != ETIMEDOUT) error = pthread_cond_timedwait(&changed, &mutex, &until);
  assert(ready);  // @assert
  pthread_mutex_unlock(&mutex);
  worker.join();
  return 0;
}
// Expected: ASSERT
//   report: @assert
