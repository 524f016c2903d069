// pthread_join of a detached thread fails at once; nobody looks, and the result is read early.
#include <pthread.h>
#include <unistd.h>

int result = 0;

void* work(void*) {
  result = 6;
  return nullptr;
}

int main() {
  pthread_t worker{};
  pthread_create(&worker, nullptr, work, nullptr);
  pthread_detach(worker);
  pthread_join(worker, nullptr);
  usleep(100);
  return result == 6 ? 0 : 1;  // @read
}
// Expected: RACE, any? or MISUSE
