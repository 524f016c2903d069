// POSIX semaphores, barriers and spin locks order what they promise to order.
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

#include <thread>

sem_t items;
sem_t gate;
pthread_barrier_t phase;
pthread_spinlock_t spin;
int buffer = 0;
int parts[2] = {0, 0};
int hits = 0;

void meet(int slot) {
  parts[slot] = slot + 1;
  pthread_barrier_wait(&phase);
  const int sum = parts[0] + parts[1];
  pthread_barrier_wait(&phase);
  parts[slot] = sum;
  pthread_spin_lock(&spin);
  ++hits;
  pthread_spin_unlock(&spin);
}

int main() {
  sem_init(&items, 0, 0);
  sem_init(&gate, 0, 1);
  pthread_barrier_init(&phase, nullptr, 2);
  pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
  std::thread producer([] {
    buffer = 7;
    sem_post(&items);
  });
  int got = 0;
  std::thread consumer([&got] {
    sem_wait(&items);
    got = buffer;
  });
  producer.join();
  consumer.join();
  std::thread first(meet, 0);
  std::thread second(meet, 1);
  first.join();
  second.join();
  timespec soon{};
  clock_gettime(CLOCK_REALTIME, &soon);
  soon.tv_sec += 5;
  if (sem_trywait(&gate) != 0 || sem_timedwait(&gate, &soon) == 0) return 1;
  return got == 7 && parts[0] == 3 && parts[1] == 3 && hits == 2 ? 0 : 2;
}
// Expected: nothing
