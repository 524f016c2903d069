// An error-checking mutex says EDEADLK to the second lock and EPERM to the second unlock; who
// does not look gives the lock back too early.
#include <pthread.h>

#include <thread>

pthread_mutex_t mutex = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
int total = 0;

void add_one() {
  pthread_mutex_lock(&mutex);
  ++total;
  pthread_mutex_unlock(&mutex);
}

void add_two() {
  pthread_mutex_lock(&mutex);
  add_one();
  ++total;  // @unlocked
  pthread_mutex_unlock(&mutex);
}

int main() {
  std::thread one(add_two);
  std::thread two(add_one);
  one.join();
  two.join();
  return 0;
}
// Expected: RACE, any?
//   report: @unlocked
