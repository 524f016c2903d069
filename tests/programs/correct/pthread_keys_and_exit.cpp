// pthread keys with destructors, and pthread_exit, which unwinds: destructors of locals run.
#include <pthread.h>

#include <atomic>
#include <cstdint>
#include <mutex>

std::atomic<int> unwound{0};
std::atomic<int> keys_destroyed{0};
pthread_key_t key;
std::mutex mutex;

struct Local {
  ~Local() { ++unwound; }
};

void leave(void* value) {
  const std::lock_guard lock(mutex);
  const Local local;
  pthread_exit(value);
}

void* work(void* argument) {
  const Local local;
  pthread_setspecific(key, new int(static_cast<int>(reinterpret_cast<std::intptr_t>(argument))));
  leave(argument);
  return nullptr;
}

int main() {
  pthread_key_create(&key, [](void* value) {
    delete static_cast<int*>(value);
    ++keys_destroyed;
  });
  pthread_t threads[3];
  for (std::intptr_t i = 0; i < 3; ++i) {
    if (pthread_create(&threads[i], nullptr, work, reinterpret_cast<void*>(i + 1)) != 0) return 1;
  }
  std::intptr_t sum = 0;
  for (pthread_t thread : threads) {
    void* result = nullptr;
    pthread_join(thread, &result);
    sum += reinterpret_cast<std::intptr_t>(result);
  }
  if (pthread_getspecific(key) != nullptr) return 2;
  pthread_key_delete(key);
  return sum == 6 && unwound == 6 && keys_destroyed == 3 ? 0 : 3;
}
// Expected: nothing
//   except static: ABORT
// With -static-libgcc pthread_exit ends in abort() without Trama too, as two unwinders meet.
