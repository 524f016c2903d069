// A mutex is destroyed while a thread holds it.
#include <pthread.h>

#include <latch>
#include <thread>

int main() {
  pthread_mutex_t mutex;
  pthread_mutex_init(&mutex, nullptr);
  std::latch locked(1);
  std::thread holder([&] {
    pthread_mutex_lock(&mutex);
    locked.count_down();
    pthread_mutex_unlock(&mutex);
  });
  locked.wait();
  pthread_mutex_destroy(&mutex);  // @destroy
  holder.join();
}
// Expected: MISUSE or RACE, MISUSE
//   report: @destroy
//   report: destroyed while it is locked
