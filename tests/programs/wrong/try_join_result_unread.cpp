// pthread_tryjoin_np does not wait: where it says EBUSY the thread still works on its result.
#include <pthread.h>

int result = 0;

void* work(void*) {
  result = 42;  // @write
  return nullptr;
}

int main() {
  pthread_t worker{};
  pthread_create(&worker, nullptr, work, nullptr);
  const bool over = pthread_tryjoin_np(worker, nullptr) == 0;
  const int seen = result;  // @read
  if (!over) pthread_join(worker, nullptr);
  return seen > 42;
}
// Expected: RACE
//   report: @write
//   report: @read
