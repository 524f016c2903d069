// A thread that is neither joined nor detached: its stack and its result stay for ever.
#include <pthread.h>

#include <atomic>

std::atomic<int> done{0};

void* work(void*) {
  done.store(1);
  return nullptr;
}

int main() {
  pthread_t joined;
  pthread_t forgotten;
  pthread_create(&joined, nullptr, work, nullptr);
  pthread_create(&forgotten, nullptr, work, nullptr);  // @create
  pthread_join(joined, nullptr);
}
// Expected: LEAK
//   options: --leaks
//   report: @create
//   report: neither joined nor detached
