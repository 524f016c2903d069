// C11 threads: thrd_*, mtx_*, cnd_*, tss_*, call_once.
//
// In glibc each of these objects is a POSIX one under another name, and each function the
// POSIX one with other numbers for its errors; so they are taken to the POSIX functions.
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <threads.h>
#include <time.h>

#include "runtime/real.hpp"

namespace {

int answer(int error) {
  switch (error) {
    case 0: return thrd_success;
    case EBUSY: return thrd_busy;
    case ENOMEM:
    case EAGAIN: return thrd_nomem;
    case ETIMEDOUT: return thrd_timedout;
    default: return thrd_error;
  }
}

pthread_mutex_t* posix(mtx_t* mutex) { return reinterpret_cast<pthread_mutex_t*>(mutex); }
pthread_cond_t* posix(cnd_t* condition) { return reinterpret_cast<pthread_cond_t*>(condition); }

}  // namespace

TRAMA_EXPORT int thrd_create(thrd_t* thread, thrd_start_t function, void* argument) {
  // An int comes back in the low half of the register of a pointer.
  return answer(pthread_create(
      thread, nullptr, reinterpret_cast<void* (*)(void*)>(reinterpret_cast<void*>(function)),
      argument));
}
TRAMA_EXPORT int thrd_join(thrd_t thread, int* result) {
  void* value = nullptr;
  const int error = pthread_join(thread, &value);
  if (result != nullptr) *result = static_cast<int>(reinterpret_cast<long>(value));
  return answer(error);
}
TRAMA_EXPORT int thrd_detach(thrd_t thread) { return answer(pthread_detach(thread)); }
TRAMA_EXPORT void thrd_exit(int result) {
  pthread_exit(reinterpret_cast<void*>(static_cast<long>(result)));
}
TRAMA_EXPORT void thrd_yield() { sched_yield(); }
TRAMA_EXPORT int thrd_sleep(const timespec* duration, timespec* left) {
  return nanosleep(duration, left) == 0 ? 0 : (errno == EINTR ? -1 : -2);
}

TRAMA_EXPORT int mtx_lock(mtx_t* mutex) { return answer(pthread_mutex_lock(posix(mutex))); }
TRAMA_EXPORT int mtx_trylock(mtx_t* mutex) { return answer(pthread_mutex_trylock(posix(mutex))); }
TRAMA_EXPORT int mtx_timedlock(mtx_t* mutex, const timespec* until) {
  return answer(pthread_mutex_timedlock(posix(mutex), until));
}
TRAMA_EXPORT int mtx_unlock(mtx_t* mutex) { return answer(pthread_mutex_unlock(posix(mutex))); }
TRAMA_EXPORT void mtx_destroy(mtx_t* mutex) { pthread_mutex_destroy(posix(mutex)); }

TRAMA_EXPORT int cnd_wait(cnd_t* condition, mtx_t* mutex) {
  return answer(pthread_cond_wait(posix(condition), posix(mutex)));
}
TRAMA_EXPORT int cnd_timedwait(cnd_t* condition, mtx_t* mutex, const timespec* until) {
  return answer(pthread_cond_timedwait(posix(condition), posix(mutex), until));
}
TRAMA_EXPORT int cnd_signal(cnd_t* condition) {
  return answer(pthread_cond_signal(posix(condition)));
}
TRAMA_EXPORT int cnd_broadcast(cnd_t* condition) {
  return answer(pthread_cond_broadcast(posix(condition)));
}
TRAMA_EXPORT void cnd_destroy(cnd_t* condition) { pthread_cond_destroy(posix(condition)); }

TRAMA_EXPORT int tss_create(tss_t* key, tss_dtor_t destructor) {
  return answer(pthread_key_create(key, destructor));
}
TRAMA_EXPORT void tss_delete(tss_t key) { pthread_key_delete(key); }
TRAMA_EXPORT void* tss_get(tss_t key) { return pthread_getspecific(key); }
TRAMA_EXPORT int tss_set(tss_t key, void* value) { return answer(pthread_setspecific(key, value)); }

TRAMA_EXPORT void call_once(once_flag* flag, void (*function)(void)) {
  pthread_once(reinterpret_cast<pthread_once_t*>(flag), function);
}
