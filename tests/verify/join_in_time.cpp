// A join with a deadline that is near ends in time or too late, and then the thread may have done its
// part or not.
#include <pthread.h>
#include <time.h>

#include <atomic>
#include <cassert>
#include <cerrno>

std::atomic<int> part{0};

void* work(void*) {
  part.store(1);
  return nullptr;
}

int main() {
  pthread_t thread{};
  pthread_create(&thread, nullptr, work, nullptr);
  timespec until{};
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += until.tv_nsec >= 900'000'000 ? 1 : 0;
  until.tv_nsec = (until.tv_nsec + 100'000'000) % 1'000'000'000;
  const int answer = pthread_timedjoin_np(thread, nullptr, &until);
  assert(answer == 0 || answer == ETIMEDOUT);
  if (answer == 0) return 0;
  part.load();
  pthread_join(thread, nullptr);
}
// Verify rc11: 3
