// A POSIX barrier made for one thread more than there are.
#include <pthread.h>

#include <thread>

pthread_barrier_t meeting;

int main() {
  pthread_barrier_init(&meeting, nullptr, 3);
  std::thread one([] { pthread_barrier_wait(&meeting); });  // @one
  std::thread two([] { pthread_barrier_wait(&meeting); });
  one.join();
  two.join();
  return 0;
}
// Expected: DEADLOCK
//   report: @one
