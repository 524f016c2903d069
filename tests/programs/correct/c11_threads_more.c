/* C11 threads, the rest: timed and recursive mutexes, trylock, timed waits, thrd_exit, detach,
   equality, sleep, destructors of thread-specific storage. */
#include <stdatomic.h>
#include <threads.h>
#include <time.h>

static mtx_t nested;
static mtx_t timed;
static cnd_t changed;
static tss_t key;
static atomic_int destroyed;
static int total;   /* under nested */
static int arrived; /* under timed */

static void destroy(void* value) {
  (void)value;
  atomic_fetch_add(&destroyed, 1);
}

static int worker(void* argument) {
  struct timespec until;
  tss_set(key, argument);
  if (mtx_lock(&nested) != thrd_success || mtx_trylock(&nested) != thrd_success) thrd_exit(1);
  ++total;
  mtx_unlock(&nested);
  mtx_unlock(&nested);
  timespec_get(&until, TIME_UTC);
  until.tv_sec += 10;
  if (mtx_timedlock(&timed, &until) != thrd_success) thrd_exit(2);
  ++arrived;
  cnd_broadcast(&changed);
  mtx_unlock(&timed);
  thrd_yield();
  thrd_exit(7);
}

int main(void) {
  const struct timespec moment = {0, 1000};
  struct timespec until;
  thrd_t threads[2];
  thrd_t detached;
  int sum = 0;
  int waited = thrd_success;
  mtx_init(&nested, mtx_plain | mtx_recursive);
  mtx_init(&timed, mtx_timed);
  cnd_init(&changed);
  tss_create(&key, destroy);
  for (int i = 0; i < 2; ++i) thrd_create(&threads[i], worker, &key);
  thrd_create(&detached, worker, &total);
  thrd_detach(detached);
  if (thrd_equal(threads[0], threads[1]) || !thrd_equal(thrd_current(), thrd_current())) return 1;
  if (thrd_sleep(&moment, NULL) != 0) return 2;
  timespec_get(&until, TIME_UTC);
  until.tv_sec += 100;
  mtx_lock(&timed);
  while (arrived != 3 && waited == thrd_success) waited = cnd_timedwait(&changed, &timed, &until);
  if (waited == thrd_success) {
    timespec_get(&until, TIME_UTC);
    // It may also end without cause.
    while (waited == thrd_success) waited = cnd_timedwait(&changed, &timed, &until);
    waited = waited == thrd_timedout ? thrd_success : thrd_error;
  }
  mtx_unlock(&timed);
  for (int i = 0; i < 2; ++i) {
    int result = 0;
    if (thrd_join(threads[i], &result) != thrd_success) return 3;
    sum += result;
  }
  mtx_destroy(&nested);
  cnd_destroy(&changed);
  return waited == thrd_success && sum == 14 && total == 3 && atomic_load(&destroyed) >= 2 ? 0 : 4;
}
/* Expected: nothing */
