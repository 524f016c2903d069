// catch (...) that logs and goes on: a cancelled thread may not be held up so.
#include <pthread.h>
#include <semaphore.h>

sem_t requests;
int errors = 0;

void* serve(void*) {
  for (;;) {
    try {
      sem_wait(&requests);
    } catch (...) {
      ++errors;
    }
  }
}

int main() {
  sem_init(&requests, 0, 0);
  pthread_t server{};
  pthread_create(&server, nullptr, serve, nullptr);
  pthread_cancel(server);
  pthread_join(server, nullptr);
  return 0;
}
// Expected: ABORT
//   report: catch (...)
//   except static: ABORT
// With -static-libgcc cancellation ends in abort() before the catch, as in main_leaves_first.cpp.
