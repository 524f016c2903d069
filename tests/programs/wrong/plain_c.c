/* A plain C program: two threads, one counter, no lock. */
#include <pthread.h>

static int counter;

static void* work(void* argument) {
  counter = counter + 1; /* @counter */
  return argument;
}

int main(void) {
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i) pthread_create(&threads[i], NULL, work, NULL);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], NULL);
  return counter == 2 ? 0 : 1;
}
/* Expected: RACE, EXIT
 *   report: @counter
 */
