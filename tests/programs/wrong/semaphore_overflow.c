/* sem_post fails where the count is at its maximum; nobody looks, and an item is never seen. */
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

static sem_t items;

static void* produce(void* argument) {
  if (sem_post(&items) != 0) perror("sem_post");
  return argument;
}

int main(void) {
  pthread_t threads[2];
  int value = 0;
  sem_init(&items, 0, SEM_VALUE_MAX - 1);
  for (int i = 0; i < 2; ++i) pthread_create(&threads[i], NULL, produce, NULL);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], NULL);
  sem_getvalue(&items, &value);
  return value == SEM_VALUE_MAX ? 75 : 0;
}
/* Expected: EXIT
 *   report: gives one to items ✗ */
