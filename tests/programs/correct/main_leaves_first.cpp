// main ends by pthread_exit: the process goes on until its last thread is done.
#include <pthread.h>

#include <chrono>
#include <cstdio>
#include <thread>

int main() {
  std::thread([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    std::puts("the last thread");
  }).detach();
  pthread_exit(nullptr);
}
// Expected: nothing
//   except static: ABORT
// With -static-libgcc pthread_exit ends in abort() without Trama too, as two unwinders meet.
