// Without O_EXCL the value given to sem_open holds only for who comes first: each thread wants
// a semaphore of its own, gets the same, and takes what was meant for the other.
#include <fcntl.h>
#include <semaphore.h>

#include <thread>

void work(unsigned tickets) {
  sem_t* own = sem_open("/trama-tickets", O_CREAT, 0600, tickets);
  for (unsigned i = 0; i < tickets; ++i) sem_wait(own);  // @wait
}

int main() {
  std::thread one(work, 1U);
  std::thread two(work, 2U);
  one.join();
  two.join();
  return 0;
}
// Expected: DEADLOCK
//   report: @wait
