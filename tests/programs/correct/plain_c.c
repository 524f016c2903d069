/* A plain C program: pthreads, a mutex and a condition variable made at run time, C11 atomics. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

struct shared {
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  int turn;
  int total;
};

static atomic_int finished;
static _Thread_local int mine;

static void* work(void* argument) {
  struct shared* s = argument;
  for (int i = 0; i < 3; ++i) {
    pthread_mutex_lock(&s->mutex);
    ++s->total;
    ++mine;
    s->turn = 1;
    pthread_cond_signal(&s->changed);
    pthread_mutex_unlock(&s->mutex);
  }
  atomic_fetch_add(&finished, mine);
  return s;
}

int main(void) {
  struct shared* s = calloc(1, sizeof *s);
  pthread_t threads[2];
  pthread_mutexattr_t kind;
  pthread_mutexattr_init(&kind);
  pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_init(&s->mutex, &kind);
  pthread_cond_init(&s->changed, NULL);
  for (int i = 0; i < 2; ++i) pthread_create(&threads[i], NULL, work, s);
  pthread_mutex_lock(&s->mutex);
  while (s->turn == 0) pthread_cond_wait(&s->changed, &s->mutex);
  pthread_mutex_unlock(&s->mutex);
  for (int i = 0; i < 2; ++i) {
    void* result = NULL;
    pthread_join(threads[i], &result);
    if (result != s) return 1;
  }
  const int total = s->total;
  pthread_cond_destroy(&s->changed);
  pthread_mutex_destroy(&s->mutex);
  free(s);
  printf("%d\n", total);
  return total == 6 && atomic_load(&finished) == 6 ? 0 : 2;
}
/* Expected: nothing */
