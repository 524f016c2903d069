// POSIX reader-writer locks with their try and timed forms; spin locks that are tried.
#include <errno.h>
#include <pthread.h>
#include <time.h>

#include <thread>

pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
pthread_spinlock_t spin;
int value = 0;
int spun = 0;
int failures = 0;

void expect(bool holds) {
  if (!holds) __atomic_add_fetch(&failures, 1, __ATOMIC_RELAXED);
}

void write_value() {
  timespec until{};
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += 60;
  if (pthread_rwlock_timedwrlock(&lock, &until) != 0) return expect(false);
  expect(pthread_rwlock_tryrdlock(&lock) == EBUSY);
  expect(pthread_rwlock_trywrlock(&lock) == EBUSY);
  ++value;
  pthread_rwlock_unlock(&lock);
}

void read_value() {
  pthread_rwlock_rdlock(&lock);
  expect(pthread_rwlock_trywrlock(&lock) == EBUSY);  // it reads itself
  expect(pthread_rwlock_tryrdlock(&lock) == 0);      // twice
  const int first = value;
  pthread_rwlock_unlock(&lock);
  expect(first == value);  // still a reader
  pthread_rwlock_unlock(&lock);
  timespec until{};
  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_sec += 60;
  expect(pthread_rwlock_clockrdlock(&lock, CLOCK_MONOTONIC, &until) == 0);
  expect(value <= 2);
  pthread_rwlock_unlock(&lock);
}

void try_spin() {
  while (pthread_spin_trylock(&spin) != 0) std::this_thread::yield();
  ++spun;
  pthread_spin_unlock(&spin);
}

int main() {
  pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
  std::thread one(write_value);
  std::thread two(write_value);
  std::thread three(read_value);
  std::thread four(try_spin);
  try_spin();
  one.join();
  two.join();
  three.join();
  four.join();
  pthread_rwlock_wrlock(&lock);
  std::thread late([] {
    const timespec past{0, 0};
    expect(pthread_rwlock_timedrdlock(&lock, &past) == ETIMEDOUT);
    expect(pthread_rwlock_timedwrlock(&lock, &past) == ETIMEDOUT);
  });
  late.join();
  pthread_rwlock_unlock(&lock);
  if (pthread_rwlock_destroy(&lock) != 0 || pthread_spin_destroy(&spin) != 0) return 1;
  return value == 2 && spun == 2 && failures == 0 ? 0 : 2;
}
// Expected: nothing
