// A key is deleted while a thread still keeps something under it: what the thread finds there next
// is nothing.
#include <pthread.h>

#include <atomic>
#include <thread>

pthread_key_t key;
std::atomic<int> progress{0};

int main() {
  pthread_key_create(&key, nullptr);
  std::thread worker([] {
    int own = 1;
    pthread_setspecific(key, &own);
    progress = 1;
    progress = 2;
    *static_cast<int*>(pthread_getspecific(key)) = 2;  // @nothing
  });
  while (progress == 0) std::this_thread::yield();
  pthread_key_delete(key);  // before the join
  worker.join();
  return 0;
}
// Expected: CRASH
//   report: @nothing
