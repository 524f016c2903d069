// Two threads join each other.
#include <pthread.h>

#include <semaphore>

pthread_t threads[2];
std::binary_semaphore created(0);

int main() {
  pthread_create(
      &threads[0], nullptr,
      [](void*) -> void* {
        created.acquire();
        pthread_join(threads[1], nullptr);  // @first
        return nullptr;
      },
      nullptr);
  pthread_create(
      &threads[1], nullptr,
      [](void*) -> void* {
        pthread_join(threads[0], nullptr);  // @second
        return nullptr;
      },
      nullptr);
  created.release();
  pthread_exit(nullptr);
}
// Expected: DEADLOCK
//   report: @first
//   report: @second
//   report: T1 waits for the end of T2
//   except static: ABORT
// With -static-libgcc pthread_exit ends in abort() without Trama too, as two unwinders meet.
