/* What tss_set keeps is freed by its destructor when the thread ends; here the thread hands it out. */
#include <stdlib.h>
#include <threads.h>

static tss_t key;
static int* result;

static int work(void* argument) {
  int* block = malloc(sizeof *block); /* @made */
  *block = *(int*)argument + 1;
  tss_set(key, block);
  result = block;
  return 0;
}

int main(void) {
  int argument = 41;
  thrd_t thread;
  tss_create(&key, free);
  thrd_create(&thread, work, &argument);
  thrd_join(thread, 0);
  const int seen = *result; /* @used */
  tss_delete(key);
  return seen != 42;
}
/* Expected: USE-AFTER-FREE
 *   report: @used
 *   report: @made */
