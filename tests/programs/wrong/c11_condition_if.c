/* `if` around cnd_wait: when a consumer wakes up, another may have taken the item before it. */
#include <assert.h>
#include <threads.h>

static mtx_t guard;
static cnd_t filled;
static int items;

static int consume(void* argument) {
  (void)argument;
  mtx_lock(&guard);
  if (items == 0) cnd_wait(&filled, &guard);
  assert(items > 0); /* @taken */
  --items;
  mtx_unlock(&guard);
  return 0;
}

int main(void) {
  thrd_t consumers[2];
  mtx_init(&guard, mtx_plain);
  cnd_init(&filled);
  for (int i = 0; i < 2; ++i) thrd_create(&consumers[i], consume, 0);
  for (int i = 0; i < 2; ++i) {
    mtx_lock(&guard);
    ++items;
    cnd_signal(&filled);
    mtx_unlock(&guard);
  }
  for (int i = 0; i < 2; ++i) thrd_join(consumers[i], 0);
  cnd_destroy(&filled);
  mtx_destroy(&guard);
  return 0;
}
/* Expected: ASSERT
 *   report: @taken */
