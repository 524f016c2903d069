// Named semaphores: one name, one semaphore; made once, kept by who has it open, gone after.
#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>

#include <thread>

int box = 0;
int made = 0;
int received = 0;

void produce() {
  // Whoever comes first makes it.
  sem_t* full = sem_open("/trama-full", O_CREAT, 0600, 0);
  box = 5;
  sem_post(full);
  sem_close(full);
}

void consume() {
  sem_t* full = sem_open("/trama-full", O_CREAT, 0600, 0);
  sem_wait(full);
  received = box;
  sem_close(full);
}

void make(sem_t* guard) {
  sem_t* own = sem_open("/trama-exclusive", O_CREAT | O_EXCL, 0600, 1);
  if (own == SEM_FAILED) return;
  sem_wait(guard);
  ++made;
  sem_post(guard);
}

int main() {
  if (sem_open("/trama-none", 0) != SEM_FAILED || errno != ENOENT) return 1;
  if (sem_open("/a/b", O_CREAT, 0600, 0) != SEM_FAILED || errno != EINVAL) return 2;
  if (sem_open("/big", O_CREAT, 0600, ~0U) != SEM_FAILED || errno != EINVAL) return 3;
  sem_t* guard = sem_open("/trama-guard", O_CREAT, 0600, 1);
  if (guard == SEM_FAILED || sem_open("/trama-guard", 0) != guard) return 4;
  std::thread producer(produce);
  std::thread consumer(consume);
  std::thread first(make, guard);
  std::thread second(make, guard);
  producer.join();
  consumer.join();
  first.join();
  second.join();
  int value = -1;
  if (sem_getvalue(guard, &value) != 0 || value != 1) return 5;
  if (sem_unlink("/trama-guard") != 0 || sem_unlink("/trama-guard") == 0) return 6;
  sem_t* other = sem_open("/trama-guard", O_CREAT | O_EXCL, 0600, 3);
  if (other == guard || sem_trywait(guard) != 0) return 7;
  sem_close(guard);
  sem_close(guard);
  return received == 5 && made == 1 ? 0 : 8;
}
// Expected: nothing
