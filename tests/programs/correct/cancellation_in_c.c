/* Cancellation and pthread_exit in C without exceptions: cleanup handlers are buffers of setjmp. */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int begun;
static int order;

static void note(void* digit) { order = order * 10 + *(int*)digit; }
static void unlock(void* which) { pthread_mutex_unlock(which); }

static void wait_for_ever(void) {
  int two = 2;
  pthread_cleanup_push(note, &two);
  for (;;) pthread_cond_wait(&changed, &mutex);
  pthread_cleanup_pop(1);
}

static void* waits(void* memory) {
  int one = 1;
  pthread_cleanup_push(free, memory);
  pthread_mutex_lock(&mutex);
  pthread_cleanup_push(unlock, &mutex);
  pthread_cleanup_push(note, &one);
  begun = 1;
  pthread_cond_broadcast(&changed);
  wait_for_ever();
  pthread_cleanup_pop(0);
  pthread_cleanup_pop(1);
  pthread_cleanup_pop(1);
  return NULL;
}

static void* leaves(void* argument) {
  int three = 3;
  int four = 4;
  pthread_cleanup_push(note, &three);
  pthread_cleanup_push(note, &four);
  pthread_cleanup_pop(1);
  pthread_exit(argument);
  pthread_cleanup_pop(0);
  return NULL;
}

int main(void) {
  pthread_t thread;
  void* result = NULL;
  pthread_create(&thread, NULL, waits, malloc(10));
  pthread_mutex_lock(&mutex);
  while (!begun) pthread_cond_wait(&changed, &mutex);
  pthread_mutex_unlock(&mutex);
  pthread_cancel(thread);
  pthread_join(thread, &result);
  if (result != PTHREAD_CANCELED || order != 21) return 1;
  pthread_create(&thread, NULL, leaves, &order);
  pthread_join(thread, &result);
  if (result != &order || order != 2143) return 2;
  return pthread_mutex_trylock(&mutex) == 0 ? 0 : 3;
}
/* Expected: nothing */
