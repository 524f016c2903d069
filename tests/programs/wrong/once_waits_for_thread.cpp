// The routine of a pthread_once starts a thread and waits for it; the thread needs what the routine
// is to set up, and calls pthread_once as well.
#include <pthread.h>

#include <thread>

pthread_once_t once = PTHREAD_ONCE_INIT;
int table = 0;

void set_up();

int look_up() {
  pthread_once(&once, &set_up);  // @once
  return table;
}

void set_up() {
  std::thread helper([] { table = look_up() + 1; });
  helper.join();  // @join
}

int main() { return look_up() != 1; }
// Expected: DEADLOCK
//   report: @once
//   report: @join
