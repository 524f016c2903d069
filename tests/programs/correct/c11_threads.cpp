// C11 threads, mutexes, conditions, thread-specific storage and call_once.
#include <threads.h>

mtx_t guard;
cnd_t changed;
once_flag flag = ONCE_FLAG_INIT;
tss_t key;
int ready = 0;
int made = 0;

int worker(void* argument) {
  call_once(&flag, [] { ++made; });
  tss_set(key, argument);
  mtx_lock(&guard);
  ++ready;
  cnd_signal(&changed);
  mtx_unlock(&guard);
  return tss_get(key) == argument ? 5 : 1;
}

int main() {
  mtx_init(&guard, mtx_plain);
  cnd_init(&changed);
  tss_create(&key, nullptr);
  thrd_t first;
  thrd_t second;
  thrd_create(&first, worker, &ready);
  thrd_create(&second, worker, &made);
  mtx_lock(&guard);
  while (ready != 2) cnd_wait(&changed, &guard);
  mtx_unlock(&guard);
  int a = 0;
  int b = 0;
  thrd_join(first, &a);
  thrd_join(second, &b);
  return a + b == 10 && made == 1 ? 0 : 1;
}
// Expected: nothing
