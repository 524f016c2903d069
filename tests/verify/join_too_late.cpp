// A deadline that is far comes where nothing else can go on.
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

#include <cassert>
#include <cerrno>

sem_t go_on;
int value = 0;

void* work(void*) {
  sem_wait(&go_on);
  value = 1;
  return nullptr;
}

int main() {
  sem_init(&go_on, 0, 0);
  pthread_t thread{};
  pthread_create(&thread, nullptr, work, nullptr);
  timespec until{};
  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_sec += 10;
  const int answer = pthread_clockjoin_np(thread, nullptr, CLOCK_MONOTONIC, &until);
  assert(answer == ETIMEDOUT);
  sem_post(&go_on);
  pthread_join(thread, nullptr);
  assert(value == 1);
}
// Verify rc11: 1
