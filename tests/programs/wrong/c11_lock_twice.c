/* mtx_plain is not recursive, whatever the name of the function that takes it again. */
#include <threads.h>

static mtx_t guard;
static int total;

static void add(int amount) {
  mtx_lock(&guard); /* @again */
  total += amount;
  mtx_unlock(&guard);
}

static int work(void* argument) {
  mtx_lock(&guard);
  add(1);
  mtx_unlock(&guard);
  return argument != 0;
}

int main(void) {
  thrd_t thread;
  mtx_init(&guard, mtx_plain);
  thrd_create(&thread, work, 0);
  thrd_join(thread, 0);
  mtx_destroy(&guard);
  return total;
}
/* Expected: MISUSE
 *   report: @again */
