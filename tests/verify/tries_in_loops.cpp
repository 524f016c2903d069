// Loops that try what is not there yet wait for it: a semaphore, a lock for readers, a spin lock.
#include <pthread.h>
#include <semaphore.h>

#include <thread>

sem_t filled;
pthread_rwlock_t shared = PTHREAD_RWLOCK_INITIALIZER;
pthread_spinlock_t spin;

int main() {
  sem_init(&filled, 0, 0);
  pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
  pthread_rwlock_wrlock(&shared);
  pthread_spin_lock(&spin);
  std::thread other([] {
    while (sem_trywait(&filled) != 0) {
    }
    while (pthread_rwlock_tryrdlock(&shared) != 0) {
    }
    while (pthread_spin_trylock(&spin) != 0) {
    }
  });
  sem_post(&filled);
  pthread_rwlock_unlock(&shared);
  pthread_spin_unlock(&spin);
  other.join();
}
// Verify rc11: 1
