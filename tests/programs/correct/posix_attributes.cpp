// What hangs on threads by attributes: detached from the start, stack size, names, affinity; a
// condition with a clock of its own; pthread_once; keys whose destructors make new values.
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <time.h>

#include <atomic>

pthread_once_t once = PTHREAD_ONCE_INIT;
pthread_key_t key;
std::atomic<int> destroyed{0};
int begun = 0;  // by pthread_once
pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t changed;
bool done = false;

void begin() {
  ++begun;
  pthread_key_create(&key, [](void* value) {
    // The first round leaves another value behind.
    if (++destroyed == 1) pthread_setspecific(key, value);
  });
}

void* detached(void*) {
  pthread_once(&once, begin);
  pthread_attr_t mine;
  std::size_t size = 0;
  void* low = nullptr;
  bool good = pthread_getattr_np(pthread_self(), &mine) == 0 &&
              pthread_attr_getstack(&mine, &low, &size) == 0;
  const char* here = reinterpret_cast<const char*>(&size);
  good = good && here > low && here < static_cast<char*>(low) + size;
  pthread_attr_destroy(&mine);
  cpu_set_t cpus;
  good = good && pthread_getaffinity_np(pthread_self(), sizeof cpus, &cpus) == 0 &&
         pthread_setaffinity_np(pthread_self(), sizeof cpus, &cpus) == 0;
  pthread_mutex_lock(&mutex);
  done = good;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&mutex);
  return nullptr;
}

void* keyed(void*) {
  pthread_once(&once, begin);
  pthread_setname_np(pthread_self(), "keyed");
  pthread_setspecific(key, &key);
  return pthread_getspecific(key);
}

int main() {
  pthread_condattr_t clock;
  pthread_condattr_init(&clock);
  pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
  pthread_cond_init(&changed, &clock);
  pthread_atfork(nullptr, nullptr, nullptr);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 1 << 20);
  pthread_t joinable{};
  pthread_create(&joinable, &attributes, keyed, nullptr);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t other{};
  pthread_create(&other, &attributes, detached, nullptr);
  pthread_attr_destroy(&attributes);
  timespec until{};
  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_sec += 60;
  pthread_mutex_lock(&mutex);
  int error = 0;
  while (!done && error == 0) error = pthread_cond_timedwait(&changed, &mutex, &until);
  const bool good = done;
  pthread_mutex_unlock(&mutex);
  void* result = nullptr;
  pthread_join(joinable, &result);
  return good && result == &key && begun == 1 && destroyed == 2 ? 0 : 1;
}
// Expected: nothing
